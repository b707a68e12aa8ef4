#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| gongwen::fuzzing::stored(data));
