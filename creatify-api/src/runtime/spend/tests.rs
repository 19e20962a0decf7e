//! The spend budget. In: calls and usage reports in every order. Out: exact sums, and a ledger of
//! bounded size. Needs no client.

use super::*;
use serde_json::json;

const BY_MODEL: &[Price] = &[
    Price::new(5.0)
        .per_seconds(30)
        .when("model", "standard")
        .by_default(),
    Price::new(1.0).per_seconds(1).when("model", "fine"),
];

#[test]
fn estimates() {
    let table = [
        (json!({}), 5.0, 20.0),
        (json!({"model": null}), 5.0, 20.0),
        (json!({"model": "standard"}), 5.0, 20.0),
        (json!({"model": "fine"}), 1.0, 95.0),
        (json!({"model": "new"}), 1.0, 95.0),
    ];
    for (body, least, long) in table {
        let estimate = Estimate::of(BY_MODEL, Some(&body)).expect("a price");
        assert_eq!(estimate.credits(), least, "{body}");
        assert_eq!(estimate.for_seconds(95.0), long, "{body}");
    }
    assert_eq!(Estimate::of(&[], None), None);
    let fixed = Estimate::of(&[Price::new(2.0)], None).expect("a price");
    assert_eq!((fixed.credits(), fixed.for_seconds(1e6)), (2.0, 2.0));
}

fn report(id: &str, credits: f64, ended: bool) -> UsageReport {
    UsageReport {
        id: id.to_owned(),
        credits: Some(credits),
        ended,
    }
}

/// Each call has a key of its own.
fn reserve(budget: &Arc<SpendBudget>, estimate: f64) -> Result<Reservation, Spending> {
    budget.reserve(crate::runtime::journal::unique_number(), estimate)
}

fn sums(budget: &SpendBudget) -> (f64, f64) {
    let spending = budget.spending();
    (spending.charged, spending.reserved)
}

#[test]
fn a_job_counts_as_estimated_until_it_reports_more_or_has_ended() {
    let budget = SpendBudget::new(100.0, None);
    let reservation = reserve(&budget, 5.0).expect("within the limit");
    assert_eq!(sums(&budget), (0.0, 5.0));
    reservation.charge(Some(&report("a", 0.0, false)), Origin::New);
    drop(reservation);
    assert_eq!(sums(&budget), (5.0, 0.0));
    for (credits, ended, charged) in [(0.0, false, 5.0), (10.0, false, 10.0), (2.5, true, 2.5)] {
        budget.observe(&[report("a", credits, ended), report("stranger", 50.0, true)]);
        assert_eq!(sums(&budget), (charged, 0.0));
    }
}

#[test]
fn a_render_adds_to_what_the_job_cost_before() {
    let budget = SpendBudget::new(100.0, None);
    let preview = reserve(&budget, 1.0).expect("within the limit");
    preview.charge(Some(&report("a", 1.0, true)), Origin::New);
    let render = reserve(&budget, 4.0).expect("within the limit");
    render.charge(Some(&report("a", 1.0, false)), Origin::Existing);
    assert_eq!(sums(&budget), (5.0, 0.0));
    // The preview of another job was paid for elsewhere.
    let render = reserve(&budget, 4.0).expect("within the limit");
    render.charge(Some(&report("b", 5.0, false)), Origin::Existing);
    assert_eq!(sums(&budget), (9.0, 0.0));
}

#[test]
fn a_reservation_is_given_back_unless_something_may_have_been_charged() {
    let budget = SpendBudget::new(10.0, None);
    drop(reserve(&budget, 5.0));
    assert_eq!(sums(&budget), (0.0, 0.0));
    let mut unsettled = reserve(&budget, 5.0).expect("within the limit");
    unsettled.set_on_drop(OnDrop::Keep);
    drop(unsettled);
    assert_eq!(sums(&budget), (0.0, 5.0));
    let settled = reserve(&budget, 5.0).expect("exactly the limit");
    settled.release();
    settled.share().release();
    assert_eq!(sums(&budget), (0.0, 5.0), "it was given back once");
    let refused = reserve(&budget, 5.1).err().expect("past the limit");
    assert_eq!(refused.remaining(), 5.0);
}

#[test]
fn a_call_whose_job_is_found_after_all_is_charged_once() {
    let budget = SpendBudget::new(100.0, None);
    let reservation = reserve(&budget, 5.0).expect("within the limit");
    let later = reservation.share();
    reservation.release();
    drop(reservation);
    assert_eq!(sums(&budget), (0.0, 0.0));
    for _ in 0..2 {
        later.charge_found(Some(&report("a", 0.0, false)), Origin::New);
        later.share().charge(None, Origin::New);
        later.release();
        assert_eq!(sums(&budget), (5.0, 0.0));
    }
    // What was taken for the job of an ambiguous call is that of one that was sent again.
    let unsettled = reserve(&budget, 5.0).expect("within the limit");
    unsettled.charge_found(Some(&report("a", 2.5, true)), Origin::New);
    assert_eq!(sums(&budget), (2.5, 0.0));
}

#[test]
fn an_id_is_one_job_however_it_is_written() {
    let budget = SpendBudget::new(100.0, None);
    let reservation = reserve(&budget, 5.0).expect("within the limit");
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    reservation.charge(Some(&report(id, 0.0, false)), Origin::New);
    let upper = id.to_uppercase();
    let ids = [
        format!("{{{upper}}}"),
        id.replace('-', ""),
        format!("urn:uuid:{id}"),
        upper,
    ];
    for (id, credits) in ids.iter().zip([7.0, 8.0, 9.0, 10.0]) {
        budget.observe(&[report(id, credits, false)]);
        assert_eq!(sums(&budget), (credits, 0.0), "{id}");
    }
}

#[test]
fn a_figure_that_makes_no_sense_changes_nothing_for_good() {
    let budget = SpendBudget::new(1e6, None);
    for (job, credits) in [("a", 0.1), ("b", 0.2), ("c", 5.0)] {
        let reservation = reserve(&budget, credits).expect("within the limit");
        reservation.charge(Some(&report(job, credits, true)), Origin::New);
    }
    assert_eq!(sums(&budget), (5.3, 0.0));
    for absurd in [1e18, 1e300, f64::INFINITY] {
        budget.observe(&[report("c", absurd, false)]);
        assert!(reserve(&budget, 0.0).is_err(), "{absurd}");
        budget.observe(&[report("c", 5.0, true)]);
        assert_eq!(sums(&budget), (5.3, 0.0), "{absurd}");
    }
    for nothing in [f64::NAN, -1e18, f64::NEG_INFINITY] {
        budget.observe(&[report("c", nothing, true)]);
        assert_eq!(sums(&budget), (5.3, 0.0), "{nothing}");
    }
}

#[test]
fn the_ledger_does_not_grow_and_charges_no_job_twice() {
    let budget = SpendBudget::new(f64::INFINITY, None);
    let count = ledger::REMEMBERED + 100;
    let make = |number: usize| {
        let reservation = reserve(&budget, 5.0).expect("no limit");
        let id = format!("job-{number}");
        reservation.charge(Some(&report(&id, 0.0, false)), Origin::New);
    };
    for number in 0..count {
        make(number);
        // It ends, works again, and ends; what has ended is forgotten before what runs.
        if number >= 100 {
            for ended in [true, false, true] {
                budget.observe(&[report(&format!("job-{number}"), 5.0, ended)]);
            }
        }
    }
    assert_eq!(sums(&budget), (5.0 * count as f64, 0.0));
    assert!(budget.lock().len() <= ledger::REMEMBERED);
    // The first hundred run and are remembered; the next hundred are not.
    budget.observe(&[report("job-7", 6.0, true), report("job-107", 60.0, true)]);
    assert_eq!(sums(&budget), (5.0 * count as f64 + 1.0, 0.0));
    // Those that never end are forgotten too, the oldest first.
    for number in count..2 * count {
        make(number);
    }
    assert_eq!(sums(&budget), (10.0 * count as f64 + 1.0, 0.0));
    assert!(budget.lock().len() <= ledger::REMEMBERED);
}

#[test]
fn two_callers_cannot_both_have_the_last_credits() {
    let budget = SpendBudget::new(100.0, None);
    let budget = &budget;
    let won: usize = std::thread::scope(|scope| {
        let reserve = move || reserve(budget, 1.0).ok();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(move || {
                    let reservations: Vec<_> = (0..100).filter_map(|_| reserve()).collect();
                    reservations
                        .iter()
                        .for_each(|reservation| reservation.charge(None, Origin::New));
                    reservations.len()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .sum()
    });
    assert_eq!((won, budget.spending().charged), (100, 100.0));
}
