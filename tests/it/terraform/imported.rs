//! What is generated from imported Terraform is valid Terraform, in every style.

use super::tools::Terraform;
use super::validate::is_valid;
use crate::import::terraform::imported;

#[test]
fn every_imported_style_is_valid() {
    if Terraform::find().is_none() {
        return;
    }
    for (style, case, _) in imported() {
        let roots = match &*style {
            "callers" | "folders" | "variables" | "choices" | "handed-on" => 5,
            "unread" => 2,
            _ => 3,
        };
        is_valid(&case, roots);
    }
}
