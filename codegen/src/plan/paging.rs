//! Decides the stream over all pages. In: a pagination and what one page is. Out: the type of an item. Knows no parameters.

use super::{Planner, docs, fields};
use crate::api;
use crate::krate::{Items, Paging, Ty, TypeModule};

impl Planner<'_> {
    /// The items of all pages of an operation that answers `page`.
    pub(super) fn items(
        &mut self,
        paging: &api::Paging,
        page: &Ty,
        types: &[TypeModule],
    ) -> Option<Items> {
        let list = match (&paging.results, page) {
            (None, list) => Some(list.clone()),
            (Some(results), page) => {
                fields::find(page, results.as_str(), types).map(|field| field.ty.clone())
            }
        };
        let Some(Ty::List(item)) = list else {
            let message = format!("what is answered may be no page: `{}`", page.rust());
            let help = "describe one answer of success, with a body, in spec/overlay.yaml";
            self.diagnostics.push(&paging.at, message, help);
            return None;
        };
        Some(Items {
            ty: *item,
            docs: docs::waiting::items(paging),
        })
    }
}

/// The names alone.
pub(super) fn planned(paging: &api::Paging) -> Paging {
    Paging {
        page: paging.page.clone(),
        size: paging.size.clone(),
        results: paging.results.clone(),
        next: paging.next.clone(),
    }
}
