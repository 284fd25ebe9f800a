locals {
<<<<<<< yours
  # Agreed with Ann.
||||||| base
=======
  # Agreed with Bob.
>>>>>>> template
  a = 1
<<<<<<< yours
  b = 2 # mine
||||||| base
  b = 2
=======
  b = 2 # theirs
>>>>>>> template
}
