//! How many connections each address has open: one caller alone does not take all places.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Those that are connected, and how often.
#[derive(Default)]
pub(crate) struct Callers(Mutex<HashMap<IpAddr, usize>>);

/// A connection of one of them; dropped, it is counted no more.
pub(crate) struct Connected {
    callers: Arc<Callers>,
    address: IpAddr,
}

impl Callers {
    /// Counts a connection, unless as many as there may be are open from that address.
    pub(crate) fn connect(self: &Arc<Self>, address: IpAddr, max: usize) -> Option<Connected> {
        // The same caller, whichever way the system tells of IPv4.
        let address = address.to_canonical();
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = callers.entry(address).or_default();
        if *open >= max {
            return None;
        }
        *open += 1;
        Some(Connected { callers: Arc::clone(self), address })
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let mut callers = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = callers.get_mut(&self.address) {
            *open -= 1;
            if *open == 0 {
                callers.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_connections_and_takes_none_from_others() {
        let callers = Arc::new(Callers::default());
        let connect = |address: &str| callers.connect(address.parse().unwrap(), 2);
        let (first, second) = (connect("192.0.2.1"), connect("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(connect("192.0.2.1").is_none());
        assert!(connect("192.0.2.2").is_some());
        drop(first);
        let third = connect("192.0.2.1");
        assert!(third.is_some() && connect("192.0.2.1").is_none());
        drop((second, third));
        assert!(callers.0.lock().unwrap().is_empty());
    }
}
