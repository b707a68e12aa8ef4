//! The JSON of a document, made small.
//!
//! LZ4 with a dictionary: nine tenths of such JSON are the names of fields, the same in
//! every document, and one by itself is too short to repeat them. `lz4_flex` is in the
//! tree by tantivy already (MIT, maintained, no `unsafe` in its default).

use lz4_flex::block::{compress_prepend_size_with_dict, decompress_into_with_dict};

use crate::heads::{Damaged, Result};

/// What is taken for written before: part of the form of the files, so it changes with
/// [`SCHEMA_VERSION`](super::schema::SCHEMA_VERSION) only. What is most frequent stands
/// last.
const DICTIONARY: &[u8] = concat!(
    r#""context","confidence":0.6,"inferred":true},"recipients":{"original":"各县（市、区）人民政府,"status":"试行","#,
    r#""source":"history_line","confidence":0.9,"validity":{"original":"现行有效""amended":{"original":""#,
    r#"{"format":"pdf","encoding":"GB18030","citations":[{"title":"","number":"号","relation":"废止","sentence":"",""#,
    r#""relation":"修改","relation":"依据","ordinal":1,"start":2},{"title":"中华人民共和国","relation":"引用","ordinal":"#,
    r#"{"format":"markdown","encoding":"UTF-8","citations":[],"failure":null}"#,
    r#"{"title":"关于的通知","sections":10,"metadata":{"agency":"人民政府办公厅","source":null,"number":{"original":"#,
    r#""政发〔2022〕1号","canonical":"","issuer":"","year":2022,"serial":1},"kind":"通知","level":"规范性文件","status":""#,
    r#"{"title":"中华人民共和国法","sections":10,"metadata":{"agency":null,"source":null,"number":null,"#,
    r#""index_number":null,"topic":null,"kind":"法","level":"法律","status":null,"recipients":null,"secrecy":null,"#,
    r#""urgency":null,"written":null,"printed":null,"published":"2014-01-01","amended":null,"effective":null,"#,
    r#""expires":null,"validity":null,"history":[],"sources":{"agency":{"original":"","source":"first_lines","#,
    r#""confidence":0.95},"number":{"original":"","source":"first_lines","confidence":0.95},"written":{"original":"#,
    r#""年月日","source":"last_lines","confidence":0.9},"effective":{"original":"自年月日起施行","source":"text","#,
    r#""title":{"original":"","source":"first_lines","confidence":0.95},"kind":{"original":"","source":"#,
    r#""first_lines","confidence":0.95},"published":{"original":"2014-01-01","source":"file_name","confidence":0.5,"#,
    r#""inferred":true}}}}"#,
)
.as_bytes();

/// Bytes that one byte of LZ4 stands for at most.
const MOST: usize = 255;

/// Makes some JSON small.
pub(super) fn pack(json: &[u8]) -> Vec<u8> {
    compress_prepend_size_with_dict(json, DICTIONARY)
}

/// The reverse of [`pack`].
///
/// # Errors
/// When the bytes are not what was written.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>> {
    let (&size, packed) = packed.split_first_chunk().ok_or(Damaged)?;
    let size = u32::from_le_bytes(size) as usize;
    if size > MOST * packed.len() {
        return Err(Damaged);
    }
    let mut json = vec![0; size];
    let filled = decompress_into_with_dict(packed, &mut json, DICTIONARY).map_err(|_| Damaged)?;
    if filled == size { Ok(json) } else { Err(Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn json_comes_back(text in ".{0,200}", part in 0..DICTIONARY.len(), repeats in 0_usize..9) {
            let mut json = text.repeat(repeats).into_bytes();
            json.extend_from_slice(&DICTIONARY[part..]);
            proptest::prop_assert_eq!(unpack(&pack(&json)), Ok(json));
        }

        #[test]
        fn other_bytes_are_an_error_or_something_else(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            if let Ok(json) = unpack(&bytes) {
                proptest::prop_assert!(json.len() <= MOST * bytes.len());
            }
        }
    }

    #[test]
    fn what_only_names_fields_is_short() {
        let json = br#"{"format":"markdown","encoding":"UTF-8","citations":[],"failure":null}"#;
        assert!(pack(json).len() < 16, "{}", pack(json).len());
        assert_eq!(unpack(&[0xff, 0xff, 0xff, 0xff, 0x10]), Err(Damaged), "no memory is asked for");
    }
}
