//! Wrong clocks. In: the readings of each clock during a call and a poll. Out: that a job which may be
//! the one of the call is never said to be of another time.

use super::*;
use crate::runtime::clock::Instant;

/// Sat, 01 Nov 2025 12:00:00 GMT, when the call began in truth.
fn truth(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_761_998_400 + seconds, 0).expect("a moment")
}

const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;

/// A call that was given up after 20 s, and a poll one minute after its beginning. Each clock shows so many
/// seconds more than the true one.
#[derive(Clone, Copy, Default)]
struct Clocks {
    wall: i64,
    wall_at_poll: i64,
    /// None where no response had told it.
    server: Option<i64>,
    server_at_poll: Option<i64>,
    /// Whether the call was begun by another process.
    is_elsewhere: bool,
}

impl Clocks {
    fn window(self) -> Window {
        let began = Instant::now();
        let call = CallTimes {
            monotonic: (!self.is_elsewhere).then_some(began),
            wall: truth(self.wall),
            server: self.server.map(truth),
        };
        let poll = CallTimes {
            monotonic: Some(began + Duration::from_secs(60)),
            wall: truth(60 + self.wall_at_poll),
            server: self.server_at_poll.map(|server| truth(60 + server)),
        };
        let input = WindowInput {
            call,
            span: Some(Duration::from_secs(50)),
            since: None,
        };
        Window::of(&input, &poll)
    }

    /// What is said of a record made so many seconds after the beginning, by the clock that dates it.
    fn fit(self, created: i64) -> Fit {
        self.window().fit(Created::At(truth(created)))
    }
}

/// Whatever the clocks show, the job of the call is found or is a match of which nothing is certain, and
/// what was made an hour before it is never found.
#[test]
fn the_job_of_the_call_is_told_from_one_of_another_time() {
    let right = Clocks::default();
    let dated = Clocks {
        server_at_poll: Some(0),
        ..right
    };
    let table = [
        ("every clock is right", right, 0, Fit::Inside),
        ("and the server tells its time", dated, 0, Fit::Inside),
        (
            "3 min fast, and corrected before the look",
            Clocks { wall: 180, ..dated },
            0,
            Fit::Inside,
        ),
        (
            "the same without a word of the server",
            Clocks { wall: 180, ..right },
            0,
            Fit::Unclear,
        ),
        (
            "set back by an hour since",
            Clocks {
                wall_at_poll: -HOUR,
                ..dated
            },
            0,
            Fit::Inside,
        ),
        (
            "this machine knows only 1970",
            Clocks {
                wall: -55 * YEAR,
                wall_at_poll: -55 * YEAR,
                ..dated
            },
            0,
            Fit::Inside,
        ),
        ("the records are 5 min behind", dated, -300, Fit::Outside),
        ("the server is an hour behind", right, -HOUR, Fit::Outside),
        (
            "and says so",
            Clocks {
                server_at_poll: Some(-HOUR),
                ..right
            },
            -HOUR,
            Fit::Inside,
        ),
        (
            "the server's clock jumped ahead after the call",
            Clocks {
                server: Some(0),
                server_at_poll: Some(HOUR),
                ..right
            },
            0,
            Fit::Inside,
        ),
        (
            "and back",
            Clocks {
                server: Some(HOUR),
                server_at_poll: Some(0),
                ..right
            },
            0,
            Fit::Unclear,
        ),
        ("last year's", dated, -YEAR, Fit::Outside),
        ("an hour older", dated, -HOUR, Fit::Outside),
        ("an hour later", dated, HOUR, Fit::Outside),
        ("as late as it can be", dated, 50 + 120, Fit::Inside),
    ];
    for (name, clocks, created, expected) in table {
        assert_eq!(clocks.fit(created), expected, "{name}");
    }
}

/// What outlives its process has only clocks that may have been set since.
#[test]
fn of_another_process_only_what_all_clocks_say_is_certain() {
    let right = Clocks {
        is_elsewhere: true,
        server: Some(0),
        server_at_poll: Some(0),
        ..Clocks::default()
    };
    let off = |wall, wall_at_poll| Clocks {
        wall,
        wall_at_poll,
        ..right
    };
    let table = [
        (right, 0, Fit::Inside),
        (right, -HOUR, Fit::Outside),
        // Wrong by the same all the time: the difference tells.
        (off(HOUR, HOUR), 0, Fit::Inside),
        (off(HOUR, HOUR), -HOUR, Fit::Outside),
        // Set in between.
        (off(HOUR, 0), 0, Fit::Unclear),
        (off(0, -YEAR), 0, Fit::Unclear),
        // No response before the call: the clock of this machine may have been right then, or is now.
        (
            Clocks {
                server: None,
                ..off(0, 0)
            },
            0,
            Fit::Inside,
        ),
        (
            Clocks {
                server: None,
                ..off(HOUR, HOUR)
            },
            0,
            Fit::Unclear,
        ),
        (
            Clocks {
                server_at_poll: None,
                ..off(HOUR, 0)
            },
            0,
            Fit::Unclear,
        ),
    ];
    for (number, (clocks, created, expected)) in table.into_iter().enumerate() {
        assert_eq!(clocks.fit(created), expected, "{number}");
    }
}

#[test]
fn a_time_without_an_offset_proves_nothing_unless_it_is_outside_everywhere() {
    let window = Clocks {
        server_at_poll: Some(0),
        ..Clocks::default()
    };
    let window = window.window();
    let table = [
        (0, Fit::Unclear),
        (-5 * HOUR, Fit::Unclear),
        (-12 * HOUR, Fit::Unclear),
        (14 * HOUR, Fit::Unclear),
        (-13 * HOUR, Fit::Outside),
        (15 * HOUR, Fit::Outside),
        (-YEAR, Fit::Outside),
    ];
    for (seconds, expected) in table {
        let created = Created::Somewhere(truth(seconds));
        assert_eq!(window.fit(created), expected, "{seconds}");
    }
    assert_eq!(window.fit(Created::Unknown), Fit::Unclear);
}

/// A record that cannot be read may be the call's, unless the server itself puts it far away.
#[test]
fn what_need_not_be_read_is_days_away_by_the_servers_clock() {
    let dated = Clocks {
        server_at_poll: Some(0),
        ..Clocks::default()
    };
    let is_far = |clocks: Clocks, created| clocks.window().is_far(created);
    for created in [Created::At(truth(-YEAR)), Created::Somewhere(truth(YEAR))] {
        assert!(is_far(dated, created));
        assert!(!is_far(Clocks::default(), created));
    }
    for created in [
        Created::At(truth(-HOUR)),
        Created::Somewhere(truth(-26 * HOUR)),
        Created::Unknown,
    ] {
        assert!(!is_far(dated, created));
    }
}

/// Extremes of every number end in a word, not in a panic.
#[test]
fn extreme_moments_and_times_do_not_panic() {
    let moments = [Timestamp::MIN_UTC, truth(0), Timestamp::MAX_UTC];
    let spans = [None, Some(Duration::MAX)];
    let now = Instant::now();
    let mut seen = 0;
    for wall in moments {
        for server in [None, Some(moments[0]), Some(moments[2])] {
            for (monotonic, span) in [None, Some(now)].into_iter().zip(spans) {
                let call = CallTimes {
                    monotonic,
                    wall,
                    server,
                };
                for since in [None, Some(moments[0]), Some(moments[2])] {
                    let input = WindowInput { call, span, since };
                    for poll in moments {
                        let poll = CallTimes {
                            monotonic: Some(now),
                            wall: poll,
                            server,
                        };
                        let window = Window::of(&input, &poll);
                        for moment in moments {
                            for created in [Created::At(moment), Created::Somewhere(moment)] {
                                let _ = (window.fit(created), window.is_far(created));
                                seen += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(seen, 3 * 3 * 2 * 3 * 3 * 6);
}
