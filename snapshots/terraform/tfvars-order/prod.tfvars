e = "nobody names this"
