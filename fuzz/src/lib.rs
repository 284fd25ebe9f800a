//! The laws that every text obeys, for the fuzz targets.

pub mod laws;
