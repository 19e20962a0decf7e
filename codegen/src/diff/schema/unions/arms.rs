//! Reports alternatives without their like. In: an alternative. Out: a finding. Knows no other alternative.

use super::super::{Both, Context, values};
use super::{Arm, Half};
use crate::diff::judge::Relation;

/// How alternatives without their like are reported.
pub(super) struct Arms<'a> {
    /// Whether all alternatives differ in their types only.
    pub(super) plain: bool,
    /// The keywords that list the alternatives.
    pub(super) at: Both<'a>,
}

impl<'a> Arms<'a> {
    /// Reports an alternative that differs from another of the other side in optional members only.
    pub(super) fn alike(&self, context: &mut Context<'a>, half: Half, arm: &Arm<'a>) {
        let shown = shown(arm);
        let (relation, name, says) = match half {
            Half::Old => (
                Relation::LOST,
                "alternative-like-another-removed",
                format!(
                    "no longer names {shown}: what still stands differs in optional members only"
                ),
            ),
            Half::New => (
                Relation::GAINED,
                "alternative-like-another-added",
                format!(
                    "names {shown} too, which differs from what it could be in optional members only"
                ),
            ),
        };
        self.place(context, half, arm, (relation, name, says));
    }

    /// Reports an alternative that came or went.
    pub(super) fn report(
        &self,
        context: &mut Context<'a>,
        half: Half,
        arm: &Arm<'a>,
        keyword: &str,
    ) {
        let shown = shown(arm);
        let (relation, name, says) = match (half, self.plain) {
            (Half::Old, true) => (
                Relation::NARROWED,
                "list-of-types-narrowed".to_owned(),
                format!("can no longer be {shown}"),
            ),
            (Half::New, true) => (
                Relation::WIDENED,
                "list-of-types-widened".to_owned(),
                format!("can be {shown} too"),
            ),
            (Half::Old, false) => (
                Relation::NARROWED,
                format!("{keyword}-removed"),
                format!("can no longer be {shown}"),
            ),
            (Half::New, false) => (
                Relation::WIDENED,
                format!("{keyword}-added"),
                format!("can be {shown} too"),
            ),
        };
        self.place(context, half, arm, (relation, &name, says));
    }

    fn place(
        &self,
        context: &mut Context<'a>,
        half: Half,
        arm: &Arm<'a>,
        (relation, name, says): (Relation, &str, String),
    ) {
        let at = match half {
            Half::Old => (arm.branch.or(self.at.0), self.at.1),
            Half::New => (self.at.0, arm.branch.or(self.at.1)),
        };
        let mut finding = context.finding(name, at, says);
        if let Some(base) = arm.base {
            finding = finding.about(format!("`{base}`"));
        }
        // What names it came or went with it.
        let claimed = arm
            .branch
            .into_iter()
            .chain(arm.keys.iter().filter_map(|key| key.node));
        let finding = match half {
            Half::Old => finding.claim_old(claimed),
            Half::New => finding.claim_new(claimed),
        };
        context.report(relation, finding);
    }
}

/// What an alternative is called in a sentence.
pub(super) fn shown(arm: &Arm<'_>) -> String {
    match (arm.name(), &arm.flat.values) {
        (Some(name), _) => name.to_owned(),
        (None, Some(values)) if !values.is_empty() => values::shown(values),
        (None, Some(_) | None) => arm.flat.types.to_string(),
    }
}
