//! What holds for every policy and request.
