use super::*;

fn first(bytes: &[u8]) -> Result<Tlv<'_>, DerDefect> {
    Walk::over(bytes).any()
}

#[test]
fn short_and_long_lengths_read_back() {
    for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
        let content = vec![7; length];
        let written = write(OCTET_STRING, &[&content]);
        let read = first(&written).unwrap();
        assert_eq!((read.tag(), read.content().len()), (OCTET_STRING, length));
        assert_eq!(read.whole(), written);
    }
}

#[test]
fn lengths_that_der_forbids_are_refused() {
    assert_eq!(first(&[0x30, 0x80, 0, 0]).err(), Some(DerDefect::IndefiniteLength));
    assert_eq!(first(&[0x04, 0x81, 0x01, 0]).err(), Some(DerDefect::LengthNotMinimal));
    assert_eq!(first(&[0x04, 0x82, 0x00, 0x80, 0]).err(), Some(DerDefect::LengthNotMinimal));
    assert_eq!(first(&[0x04, 0x85, 1, 1, 1, 1, 1]).err(), Some(DerDefect::LengthTooLong));
    assert_eq!(first(&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff]).err(), Some(DerDefect::Truncated));
    assert_eq!(first(&[0x04, 0x82, 1]).err(), Some(DerDefect::Truncated));
    assert_eq!(first(&[0x1f, 0x81, 0]).err(), Some(DerDefect::MultiByteTag));
    assert_eq!(first(&[0x04]).err(), Some(DerDefect::Truncated));
}

#[test]
fn integers_give_their_magnitude() {
    let magnitude =
        |content: &[u8]| first(&write(INTEGER, &[content])).unwrap().magnitude().map(<[u8]>::to_vec);
    assert_eq!(magnitude(&[0]), Ok(vec![]));
    assert_eq!(magnitude(&[0, 0x80]), Ok(vec![0x80]));
    assert_eq!(magnitude(&[1, 0]), Ok(vec![1, 0]));
    assert_eq!(magnitude(&[]), Err(DerDefect::Integer));
    assert_eq!(magnitude(&[0, 1]), Err(DerDefect::Integer));
    assert_eq!(magnitude(&[0xff, 0x80]), Err(DerDefect::Integer));
    assert_eq!(magnitude(&[0x80]), Err(DerDefect::NegativeInteger));
    assert_eq!(write_unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
    assert_eq!(write_unsigned(&[]), [2, 1, 0]);
}

#[test]
fn object_identifiers_read_dotted() {
    assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]).unwrap(), "1.2.840.113549.1.1.1");
    assert_eq!(dotted(&[0x2b, 0x65, 0x70]).unwrap(), "1.3.101.112");
    assert_eq!(dotted(&[0x88, 0x37]).unwrap(), "2.999");
    for malformed in [&[][..], &[0x2a, 0x86], &[0x2a, 0x80, 1], &[0xff; 12]] {
        assert_eq!(dotted(malformed), Err(DerDefect::ObjectIdentifier));
    }
}

#[test]
fn trailing_bytes_are_counted() {
    assert_eq!(Walk::only_sequence(&[0x30, 0, 1, 2]).err(), Some(DerDefect::Trailing { count: 2 }));
    assert!(Walk::only_sequence(&[0x30, 0]).is_ok());
}

#[test]
fn a_refused_value_is_not_taken() {
    let mut walk = Walk::over(&[2, 1, 5]);
    assert!(walk.due(SEQUENCE).is_err());
    assert!(walk.optional(SEQUENCE).unwrap().is_none());
    assert_eq!(walk.due(INTEGER).unwrap().small(), Ok(5));
    assert_eq!(walk.end(), Ok(()));
}
