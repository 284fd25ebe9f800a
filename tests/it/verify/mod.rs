//! `crossrole verify`: with stand-ins for `aws` and `terraform`, and with the real ones against a stand-in for AWS.

mod ended;
mod judged;
mod stand_in;
