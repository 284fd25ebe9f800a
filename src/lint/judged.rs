//! How much of what was looked at could be judged.

/// The policies and providers that rules were applied to, and what they could not be applied to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    /// Policies of roles and of permissions that are known as a whole.
    pub policies: usize,
    /// Providers of AWS of which all is known that decides where they build.
    pub providers: usize,
    /// Policies and providers of which a part is not known, modules that are not here, files that were
    /// not read: each has a finding, `CR110`.
    pub not: usize,
}

impl std::ops::AddAssign for Judged {
    fn add_assign(&mut self, other: Self) {
        self.policies += other.policies;
        self.providers += other.providers;
        self.not += other.not;
    }
}
