//! A random number generator without state. In: a seed and the name of a place. Out: pseudorandom numbers,
//! ids and decisions, the same in every run.

use uuid::Uuid;

/// A number for a place; the same in every run.
pub(crate) fn number(seed: u64, place: &str) -> u64 {
    // FNV-1a, then the last step of SplitMix64, which spreads near places far apart.
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in place.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// An id for a place, in the form of a random UUID.
pub(crate) fn id(seed: u64, place: &str) -> Uuid {
    let high = number(seed, place);
    let low = number(high, place);
    let bits = (u128::from(high) << 64) | u128::from(low);
    let version = (bits & !(0xf << 76)) | (0x4 << 76);
    Uuid::from_u128((version & !(0x3 << 62)) | (0x2 << 62))
}

/// An id with a checksum: its second half follows from its first, so that it is known as one of ours.
pub(crate) fn checksummed(seed: u64, place: &str) -> Uuid {
    with_checksum((number(seed, place) & !0xf000) | 0x4000)
}

/// Whether an id was made by `checksummed`.
pub(crate) fn has_checksum(id: Uuid) -> bool {
    id == with_checksum((id.as_u128() >> 64) as u64)
}

fn with_checksum(high: u64) -> Uuid {
    let low = (number(high, "seal") >> 2) | (1 << 63);
    Uuid::from_u128((u128::from(high) << 64) | u128::from(low))
}

/// Whether something happens that happens with this probability.
pub(crate) fn random_bool(seed: u64, place: &str, rate: f64) -> bool {
    (number(seed, place) >> 11) as f64 / (1u64 << 53) as f64 <= rate && rate > 0.0
}

#[cfg(test)]
mod tests {
    use super::{checksummed, has_checksum, id, random_bool};

    #[test]
    fn ids_are_random_uuids_and_checksummed_ones_are_known_again() {
        for place in ["a", "b", "a/b"] {
            assert_eq!(checksummed(1, place).get_version_num(), 4);
            assert_eq!(id(1, place).get_version_num(), 4);
            assert_eq!(
                id(1, place).get_variant(),
                checksummed(1, place).get_variant()
            );
            assert!(has_checksum(checksummed(1, place)) && !has_checksum(id(1, place)));
            assert_ne!(id(1, place), id(2, place));
        }
        assert!(random_bool(1, "a", 1.0) && !random_bool(1, "a", 0.0));
    }
}
