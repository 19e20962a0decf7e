//! Judges the judge. In: requests that are wrong on purpose, random requests and changed
//! documents. Out: whether the emulator sees every mistake, at its place, and no other. Knows
//! neither the generator nor the client.

#[path = "judge/answers.rs"]
mod answers;
#[path = "judge/changes.rs"]
mod changes;
#[path = "judge/fixture.rs"]
mod fixture;
#[path = "judge/generate.rs"]
mod generate;
#[path = "judge/lenient.rs"]
mod lenient;
#[path = "judge/mutate.rs"]
mod mutate;
#[path = "judge/random.rs"]
mod random;
#[path = "judge/spec.rs"]
mod spec;
#[path = "judge/table.rs"]
mod table;
#[path = "judge/wire.rs"]
mod wire;
