//! The accounts of a client. In: calls and reports in every order. Out: sums that are exact, and a ledger that stays
//! small. Knows no client.

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

fn report(id: &str, credits: f64, ended: bool) -> Report {
    Report {
        id: id.to_owned(),
        credits: Some(credits),
        ended,
    }
}

/// Each call has a key of its own.
fn reserve(guard: &Arc<Guard>, estimate: f64) -> Result<Ticket, Spending> {
    guard.reserve(crate::runtime::journal::unique_number(), estimate)
}

fn sums(guard: &Guard) -> (f64, f64) {
    let spending = guard.spending();
    (spending.charged, spending.reserved)
}

#[test]
fn a_job_counts_as_estimated_until_it_reports_more_or_has_ended() {
    let guard = Guard::new(100.0, None);
    let ticket = reserve(&guard, 5.0).expect("within the limit");
    assert_eq!(sums(&guard), (0.0, 5.0));
    ticket.charge(Some(&report("a", 0.0, false)), Origin::New);
    drop(ticket);
    assert_eq!(sums(&guard), (5.0, 0.0));
    for (credits, ended, charged) in [(0.0, false, 5.0), (10.0, false, 10.0), (2.5, true, 2.5)] {
        guard.observe(&[report("a", credits, ended), report("stranger", 50.0, true)]);
        assert_eq!(sums(&guard), (charged, 0.0));
    }
}

#[test]
fn a_render_adds_to_what_the_job_cost_before() {
    let guard = Guard::new(100.0, None);
    let preview = reserve(&guard, 1.0).expect("within the limit");
    preview.charge(Some(&report("a", 1.0, true)), Origin::New);
    let render = reserve(&guard, 4.0).expect("within the limit");
    render.charge(Some(&report("a", 1.0, false)), Origin::Existing);
    assert_eq!(sums(&guard), (5.0, 0.0));
    // The preview of another job was paid for elsewhere.
    let render = reserve(&guard, 4.0).expect("within the limit");
    render.charge(Some(&report("b", 5.0, false)), Origin::Existing);
    assert_eq!(sums(&guard), (9.0, 0.0));
}

#[test]
fn a_reservation_is_given_back_unless_something_may_have_been_charged() {
    let guard = Guard::new(10.0, None);
    drop(reserve(&guard, 5.0));
    assert_eq!(sums(&guard), (0.0, 0.0));
    let mut lost = reserve(&guard, 5.0).expect("within the limit");
    lost.on_drop(TicketFate::Keep);
    drop(lost);
    assert_eq!(sums(&guard), (0.0, 5.0));
    let settled = reserve(&guard, 5.0).expect("exactly the limit");
    settled.release();
    settled.share().release();
    assert_eq!(sums(&guard), (0.0, 5.0), "it was given back once");
    let refused = reserve(&guard, 5.1).err().expect("past the limit");
    assert_eq!(refused.remaining(), 5.0);
}

#[test]
fn a_call_whose_job_is_found_after_all_is_charged_once() {
    let guard = Guard::new(100.0, None);
    let ticket = reserve(&guard, 5.0).expect("within the limit");
    let later = ticket.share();
    ticket.release();
    drop(ticket);
    assert_eq!(sums(&guard), (0.0, 0.0));
    for _ in 0..2 {
        later.charge_found(Some(&report("a", 0.0, false)), Origin::New);
        later.share().charge(None, Origin::New);
        later.release();
        assert_eq!(sums(&guard), (5.0, 0.0));
    }
    // What was taken for the job of a lost call is that of one that was sent again.
    let lost = reserve(&guard, 5.0).expect("within the limit");
    lost.charge_found(Some(&report("a", 2.5, true)), Origin::New);
    assert_eq!(sums(&guard), (2.5, 0.0));
}

#[test]
fn an_id_is_one_job_however_it_is_written() {
    let guard = Guard::new(100.0, None);
    let ticket = reserve(&guard, 5.0).expect("within the limit");
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    ticket.charge(Some(&report(id, 0.0, false)), Origin::New);
    let upper = id.to_uppercase();
    let ids = [
        format!("{{{upper}}}"),
        id.replace('-', ""),
        format!("urn:uuid:{id}"),
        upper,
    ];
    for (id, credits) in ids.iter().zip([7.0, 8.0, 9.0, 10.0]) {
        guard.observe(&[report(id, credits, false)]);
        assert_eq!(sums(&guard), (credits, 0.0), "{id}");
    }
}

#[test]
fn a_figure_that_makes_no_sense_changes_nothing_for_good() {
    let guard = Guard::new(1e6, None);
    for (job, credits) in [("a", 0.1), ("b", 0.2), ("c", 5.0)] {
        let ticket = reserve(&guard, credits).expect("within the limit");
        ticket.charge(Some(&report(job, credits, true)), Origin::New);
    }
    assert_eq!(sums(&guard), (5.3, 0.0));
    for absurd in [1e18, 1e300, f64::INFINITY] {
        guard.observe(&[report("c", absurd, false)]);
        assert!(reserve(&guard, 0.0).is_err(), "{absurd}");
        guard.observe(&[report("c", 5.0, true)]);
        assert_eq!(sums(&guard), (5.3, 0.0), "{absurd}");
    }
    for nothing in [f64::NAN, -1e18, f64::NEG_INFINITY] {
        guard.observe(&[report("c", nothing, true)]);
        assert_eq!(sums(&guard), (5.3, 0.0), "{nothing}");
    }
}

#[test]
fn the_ledger_does_not_grow_and_charges_no_job_twice() {
    let guard = Guard::new(f64::INFINITY, None);
    let count = ledger::REMEMBERED + 100;
    let make = |number: usize| {
        let ticket = reserve(&guard, 5.0).expect("no limit");
        let id = format!("job-{number}");
        ticket.charge(Some(&report(&id, 0.0, false)), Origin::New);
    };
    for number in 0..count {
        make(number);
        // It ends, works again, and ends; what has ended is forgotten before what runs.
        if number >= 100 {
            for ended in [true, false, true] {
                guard.observe(&[report(&format!("job-{number}"), 5.0, ended)]);
            }
        }
    }
    assert_eq!(sums(&guard), (5.0 * count as f64, 0.0));
    assert!(guard.lock().len() <= ledger::REMEMBERED);
    // The first hundred run and are remembered; the next hundred are not.
    guard.observe(&[report("job-7", 6.0, true), report("job-107", 60.0, true)]);
    assert_eq!(sums(&guard), (5.0 * count as f64 + 1.0, 0.0));
    // Those that never end are forgotten too, the oldest first.
    for number in count..2 * count {
        make(number);
    }
    assert_eq!(sums(&guard), (10.0 * count as f64 + 1.0, 0.0));
    assert!(guard.lock().len() <= ledger::REMEMBERED);
}

#[test]
fn two_callers_cannot_both_have_the_last_credits() {
    let guard = Guard::new(100.0, None);
    let guard = &guard;
    let won: usize = std::thread::scope(|scope| {
        let reserve = move || reserve(guard, 1.0).ok();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(move || {
                    let tickets: Vec<_> = (0..100).filter_map(|_| reserve()).collect();
                    tickets
                        .iter()
                        .for_each(|ticket| ticket.charge(None, Origin::New));
                    tickets.len()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .sum()
    });
    assert_eq!((won, guard.spending().charged), (100, 100.0));
}
