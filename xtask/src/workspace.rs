//! Reads the inputs of the generator. In: the workspace's folder. Out: texts with the names that complaints show for them.

use crate::Fault;
use codegen::Spec;
use codegen::bundle::Sources;
use std::fs;
use std::path::Path;

/// The folder of the fragments.
pub(crate) const UPSTREAM: &str = "spec/upstream";
/// The pages of the fragments.
pub(crate) const PROVENANCE: &str = "spec/provenance.yaml";
/// Our corrections.
pub(crate) const OVERLAY: &str = "spec/overlay.yaml";
/// The folder of the bundle and of the coverage ledger.
pub(crate) const SPEC: &str = "spec";
/// The bundle.
pub(crate) const BUNDLE: &str = "openapi.yaml";
/// The coverage ledger.
pub(crate) const COVERAGE: &str = "COVERAGE.md";
/// The folder of the emulator, which carries a copy of the bundle so that it runs outside the checkout.
pub(crate) const EMULATOR: &str = "tests/emulator";
/// The folder of the generated client.
pub(crate) const GENERATED: &str = "creatify-api/src/generated";

/// Everything that the bundle is made of.
pub(crate) fn sources(root: &Path) -> Result<Sources, Fault> {
    Ok(Sources {
        fragments: fragments(root)?,
        provenance: spec(root, PROVENANCE)?,
        overlay: spec(root, OVERLAY)?,
    })
}

/// The fragments, sorted by their names.
pub(crate) fn fragments(root: &Path) -> Result<Vec<Spec>, Fault> {
    let folder = root.join(UPSTREAM);
    let entries =
        fs::read_dir(&folder).map_err(|error| Fault::Failed(format!("{UPSTREAM}: {error}")))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".yaml") {
            names.push(name);
        } else if !name.starts_with('.') {
            let help = "fragments are files called `*.yaml`: import it with `cargo xtask spec import`, or remove it";
            return Err(Fault::Refused(format!(
                "{UPSTREAM}/{name}: error: this is no fragment\n  help: {help}"
            )));
        }
    }
    names.sort();
    names
        .iter()
        .map(|name| spec(root, &format!("{UPSTREAM}/{name}")))
        .collect()
}

/// One file of the workspace.
pub(crate) fn spec(root: &Path, name: &str) -> Result<Spec, Fault> {
    match fs::read_to_string(root.join(name)) {
        Ok(text) => Ok(Spec::new(name, text)),
        Err(error) => Err(Fault::Failed(format!("{name}: {error}"))),
    }
}
