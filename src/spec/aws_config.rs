//! The part of the spec about AWS CLI profiles for people.

use crate::model::{ConfigName, MfaSerial, Region, StartUrl};
use crate::yaml::record;

record! {
    /// AWS CLI profiles for people, one per target and role, in a file of their own.
    #[schemars(extend("required" = ["source_profile"]))]
    pub struct AwsConfigSpec {
        /// The profile with credentials of Account A: with `sso_session` it is written too, otherwise it is each person's
        /// own, in `~/.aws/credentials`.
        pub source_profile: ConfigName,
        /// How people sign in, where that is IAM Identity Center.
        pub sso_session: SsoSessionSpec,
        /// The MFA device, where everyone who uses the file has the same; left out, each person adds their own.
        pub mfa_serial: MfaSerial,
    }
}

record! {
    /// A sign-in of IAM Identity Center.
    #[schemars(extend("required" = ["start_url", "region"]))]
    pub struct SsoSessionSpec {
        /// What the file calls it; left out, the spec's `name`.
        pub name: ConfigName,
        /// The access portal's address.
        pub start_url: StartUrl,
        /// The region of IAM Identity Center.
        pub region: Region,
    }
}
