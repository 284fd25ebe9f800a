#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| crossrole_fuzz::laws::records(text));
