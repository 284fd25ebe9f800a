//! Addresses and networks, of both versions of IP.

use std::net::IpAddr;

/// A network: an address and how many of its bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// The network of `203.0.113.0/24` or `2001:db8::/32`; an address alone is a network of one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let is_number = |bits: &str| bits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = bits.map_or(Some(most), |bits| bits.parse().ok().filter(|_| is_number(bits)))?;
        (bits <= most).then_some(Self { address, bits })
    }

    /// Whether another network lies in it as a whole.
    pub(super) fn includes(self, other: Self) -> bool {
        self.bits <= other.bits && self.holds(other.address)
    }

    /// An address of it.
    pub(super) fn address(self) -> IpAddr {
        self.address
    }

    /// Whether an address lies in it; one of the other version never does.
    pub(super) fn holds(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let differing = u32::from(ours) ^ u32::from(theirs);
                differing.leading_zeros() >= self.bits
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let differing = u128::from(ours) ^ u128::from(theirs);
                differing.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_their_addresses() {
        let holds = |network: &str, address: &str| {
            Network::parse(network).expect(network).holds(address.parse().expect(address))
        };
        assert!(holds("203.0.113.0/24", "203.0.113.255") && !holds("203.0.113.0/24", "203.0.114.0"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("2001:db8::/32", "2001:DB8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.8"));
        for text in ["203.0.113.0/33", "203.0.113/24", "x", "::/129", "1.2.3.4/+8"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
