# Add your own resources for removes here: this root builds in account 444444444444.
