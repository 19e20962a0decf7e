//! One failure that concerns several jobs. In: an error. Out: the same for another job. Knows no
//! jobs.

use super::{Error, Inner, Kind};

impl Error {
    /// The same error once more. What libraries below said comes along as text; the context of the
    /// call and the job stay with the original.
    pub(crate) fn repeat(&self) -> Self {
        let kind = match &self.0.kind {
            Kind::Configuration(message, _) => Kind::Configuration(message.clone(), None),
            Kind::Validation(violations) => Kind::Validation(violations.clone()),
            Kind::SpendLimit(spending, estimate) => Kind::SpendLimit(*spending, *estimate),
            Kind::Transport(error) => Kind::Transport(error.repeat()),
            Kind::Timeout => Kind::Timeout,
            Kind::ConnectTimeout => Kind::ConnectTimeout,
            Kind::TooLarge(most) => Kind::TooLarge(*most),
            Kind::Status => Kind::Status,
            Kind::Redirect(target) => Kind::Redirect(target.clone()),
            Kind::Text(error) => Kind::Text(error.clone()),
            Kind::Decode(error) => Kind::Decode(error.clone()),
            Kind::Job(end, record) => Kind::Job(end.clone(), record.clone()),
            Kind::Download(message, _) => Kind::Download(message.clone(), None),
            Kind::Journal(error) => Kind::Journal(error.repeat()),
            Kind::Webhook(message) => Kind::Webhook(message.clone()),
        };
        Self(Box::new(Inner {
            kind,
            operation: self.0.operation.clone(),
            response: self.0.response.clone(),
            excerpt: self.0.excerpt.clone(),
            job_id: None,
            context: None,
        }))
    }
}
