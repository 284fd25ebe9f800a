//! What comes out works: on the real Terraform, with the real AWS provider, against a stand-in for
//! AWS (moto) that keeps every account apart.
//!
//! The stand-in places things where AWS would, and never asks a trust policy or an identity policy for
//! permission: what these allow is proven elsewhere, here it is what is built, and where.

pub(crate) mod account;
mod apply;
mod aws_config;
mod callers;
mod checkov;
mod cloud;
mod deprecated;
mod guard;
mod imported;
mod mfa;
mod moved;
mod organizations;
mod provider;
mod retire;
mod single;
mod stack;
mod stack_set;
mod state;
mod tools;
mod validate;
pub(crate) mod world;
