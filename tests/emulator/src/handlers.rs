//! The handlers of operations. In: an operation, an account, a valid request. Out: the response, before it
//! is validated. Knows no operation by name.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Shared;
use super::account::{self, Entry};
use super::api::{Action, Plan};
use super::job::{self, Outcome, Record, Run, Stage};
use super::listing;
use super::record::View;
use super::request::ParsedRequest;
use super::response::Reply;
use super::rng;
use super::store::Store;
use super::webhook;

/// A valid request to an operation.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) operation: usize,
    pub(crate) account: u32,
    pub(crate) number: u64,
    pub(crate) path_values: &'a [(String, String)],
    pub(crate) parsed: &'a ParsedRequest,
}

/// Calls the handler of the operation.
pub(crate) fn handle(call: &Call<'_>) -> Reply {
    match call.plan().action {
        Action::Create(stage) => call.create(stage),
        Action::Continue(stage) => call.continue_job(stage),
        Action::Retrieve => call.retrieve(),
        Action::List => listing::list(call),
        Action::Page => listing::page(call),
        Action::Update => call.update(),
        Action::Delete => call.delete(),
        Action::Compute => call.compute(),
    }
}

impl Call<'_> {
    pub(crate) fn plan(&self) -> &Plan {
        &self.shared.api.plans[self.operation]
    }

    fn status(&self) -> u16 {
        self.shared.api.spec.operations[self.operation].status
    }

    /// The id in the path, or what the service says to one that is none.
    fn id(&self) -> Option<Uuid> {
        let key = self.plan().key.as_ref()?;
        let value = self.path_values.iter().find(|(name, _)| name == key);
        value?.1.parse().ok()
    }

    pub(crate) fn show(&self, record: &Record, now: i64) -> Value {
        let view = View {
            record,
            statuses: self.shared.api.statuses(record.resource),
            now,
            base_url: &self.shared.base_url,
        };
        view.show(&self.plan().shape)
    }

    fn create(&self, stage: Stage) -> Reply {
        let mut request = self.plan().defaults.clone();
        request.extend(self.parsed.body.clone());
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.ids += 1;
        let resource = self.plan().resource;
        let statuses = self.shared.api.statuses(resource);
        let run = statuses.map(|_| run(stage, now, &request));
        let record = Record {
            id: rng::id(self.shared.api.seed, &format!("record/{}", state.ids)),
            account: self.account,
            resource,
            operation: self.operation as u32,
            created: now,
            changed: now,
            run,
            previewed: false,
            thousandths: 0,
            seconds: job::seconds(&request),
            request: json!(request).to_string().into_boxed_str(),
        };
        let record = match self.charge(&mut state, record, &request) {
            Ok(record) => record,
            Err(reply) => return *reply,
        };
        webhook::schedule(&mut state, &self.shared.api, &record);
        state.records.add(record.clone());
        drop(state);
        self.shared.wake.notify_one();
        Reply::json(self.status(), self.show(&record, now))
    }

    fn continue_job(&self, stage: Stage) -> Reply {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        let resource = self.plan().resource;
        let found = self
            .id()
            .and_then(|id| state.records.find(self.account, resource, id));
        let Some(mut record) = found.cloned() else {
            return Reply::detail(404, "Not found.");
        };
        let statuses = self.shared.api.statuses(resource);
        let base_url = &self.shared.base_url;
        let view = View {
            record: &record,
            statuses,
            now,
            base_url,
        };
        let previewed = view.has_preview();
        if stage == Stage::Render && !previewed {
            return Reply::texts("A preview must be made before the video is rendered.");
        }
        let mut request: Map<String, Value> =
            serde_json::from_str(&record.request).unwrap_or_default();
        request.extend(self.parsed.body.clone());
        record.seconds = job::seconds(&request);
        record.request = json!(request).to_string().into_boxed_str();
        record.run = Some(run(stage, now, &request));
        record.previewed = previewed;
        record.operation = self.operation as u32;
        record.changed = now;
        let record = match self.charge(&mut state, record, &request) {
            Ok(record) => record,
            Err(reply) => return *reply,
        };
        webhook::schedule(&mut state, &self.shared.api, &record);
        if let Some(known) = state.records.find(self.account, resource, record.id) {
            *known = record.clone();
        }
        drop(state);
        self.shared.wake.notify_one();
        Reply::json(self.status(), self.show(&record, now))
    }

    /// Charges for a record, or says that there are not enough credits.
    fn charge(
        &self,
        state: &mut Store,
        mut record: Record,
        request: &Map<String, Value>,
    ) -> Result<Record, Box<Reply>> {
        let prices = &self.shared.api.spec.operations[self.operation].prices;
        let thousandths = account::price(prices, request, record.seconds);
        let balance = state.accounts.balance(self.account);
        if thousandths > balance {
            let (price, left) = (account::number(thousandths), account::number(balance));
            let detail = format!("Insufficient credits: this call costs {price}, {left} are left.");
            return Err(Box::new(Reply::whole(&detail)));
        }
        state.accounts.charge(Entry {
            at: state.clock.now(),
            account: self.account,
            operation: self.operation as u32,
            job: record.id,
            request: self.number,
            thousandths,
            balance,
        });
        record.thousandths += thousandths;
        Ok(record)
    }

    fn retrieve(&self) -> Reply {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        let resource = self.plan().resource;
        let found = self
            .id()
            .and_then(|id| state.records.find(self.account, resource, id));
        let found = found.cloned();
        drop(state);
        match found {
            Some(record) => Reply::json(self.status(), self.show(&record, now)),
            None => match listing::find(self) {
                Some(item) => Reply::json(self.status(), item),
                None => Reply::detail(404, "Not found."),
            },
        }
    }

    fn update(&self) -> Reply {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        let resource = self.plan().resource;
        let found = self
            .id()
            .and_then(|id| state.records.find(self.account, resource, id));
        let Some(known) = found else {
            return Reply::detail(404, "Not found.");
        };
        let mut request: Map<String, Value> =
            serde_json::from_str(&known.request).unwrap_or_default();
        request.extend(self.parsed.body.clone());
        // A copy: what can't be paid for changes nothing.
        let mut record = known.clone();
        record.request = json!(request).to_string().into_boxed_str();
        record.changed = now;
        let charged = self.charge(&mut state, record, &request);
        let record = match charged {
            Ok(record) => record,
            Err(reply) => return *reply,
        };
        if let Some(known) = state.records.find(self.account, resource, record.id) {
            *known = record.clone();
        }
        drop(state);
        Reply::json(self.status(), self.show(&record, now))
    }

    fn delete(&self) -> Reply {
        let mut state = self.shared.lock();
        let resource = self.plan().resource;
        let found = self
            .id()
            .and_then(|id| state.records.find(self.account, resource, id));
        let Some(id) = found.map(|record| record.id) else {
            return Reply::detail(404, "Not found.");
        };
        state.records.remove(id);
        Reply::empty(self.status())
    }

    fn compute(&self) -> Reply {
        let plan = self.plan();
        if plan.response.is_none() {
            return Reply::empty(self.status());
        }
        let place = &self.shared.api.spec.operations[self.operation].id;
        let mut value = self.shared.api.synthesis().value(&plan.item, place);
        // The one value that is neither a record nor made up.
        if let Some(balance) = value.get_mut("remaining_credits") {
            *balance = account::number(self.shared.lock().accounts.balance(self.account));
        }
        Reply::json(self.status(), value)
    }
}

/// A preview always succeeds, so that the ending of its video can be tried.
fn run(stage: Stage, started: i64, request: &Map<String, Value>) -> Run {
    let outcome = match stage {
        Stage::Preview | Stage::PreviewAsync => Outcome::Done,
        Stage::Create | Stage::Render => job::outcome(request),
    };
    Run {
        stage,
        started,
        outcome,
    }
}
