role ${who}%{ for x in list } ${x}%{ endfor }
