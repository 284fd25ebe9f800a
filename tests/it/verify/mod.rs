//! `crossrole verify`: with stand-ins for `aws` and `terraform`, and with the real ones against a stand-in for AWS.

mod ended;
mod enforced;
mod gate;
mod judged;
mod stand_in;
