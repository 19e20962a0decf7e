//! Jobs as something to keep. In: a resource's name and an id. Out: the same in JSON, and back.
//! Knows no client.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use uuid::Uuid;

/// A job that can be waited for, in this program or in another one, now or after a restart.
///
/// It holds no keys: whoever resumes the wait needs a client of the same account. As JSON it is
/// `{"resource":"lipsyncs_v2","id":"67e55044-10b1-426f-9247-bb680e5fe0c8"}`, in this and every later
/// version; members that are added to it are ignored when it is read.
///
/// ```no_run
/// # async fn example(client: creatify_api::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use creatify_api::Uuid;
/// use creatify_api::jobs::JobHandle;
///
/// let handle = client.lipsyncs_v2().wait(Uuid::nil()).handle();
/// let stored = serde_json::to_string(&handle)?;
///
/// // Later, elsewhere:
/// let handle: JobHandle = serde_json::from_str(&stored)?;
/// let job = client.lipsyncs_v2().resume(&handle).await?;
/// println!("{:?}", job.output);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobHandle {
    resource: String,
    id: Uuid,
}

impl JobHandle {
    /// A handle of a job, by the name of its resource in the specification.
    pub fn new(resource: impl Into<String>, id: Uuid) -> Self {
        let resource = resource.into();
        Self { resource, id }
    }

    /// The resource, as the specification calls it: `lipsyncs_v2`.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The job's id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

const RESOURCE: &str = "resource";
const ID: &str = "id";

impl Serialize for JobHandle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("JobHandle", 2)?;
        fields.serialize_field(RESOURCE, &self.resource)?;
        fields.serialize_field(ID, &self.id.to_string())?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for JobHandle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("JobHandle", &[RESOURCE, ID], Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = JobHandle;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the resource and the id of a job")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JobHandle, A::Error> {
        let (mut resource, mut id) = (None, None);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                RESOURCE => resource = Some(map.next_value::<String>()?),
                ID => id = Some(map.next_value::<String>()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let resource = resource.ok_or_else(|| A::Error::missing_field(RESOURCE))?;
        let id = id.ok_or_else(|| A::Error::missing_field(ID))?;
        handle(resource, &id)
    }

    /// Formats that leave out the names.
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<JobHandle, A::Error> {
        let missing = |index| A::Error::invalid_length(index, &"a resource and an id");
        let resource = sequence.next_element()?.ok_or_else(|| missing(0))?;
        let id: String = sequence.next_element()?.ok_or_else(|| missing(1))?;
        handle(resource, &id)
    }
}

fn handle<E: serde::de::Error>(resource: String, id: &str) -> Result<JobHandle, E> {
    let id = Uuid::parse_str(id).map_err(E::custom)?;
    Ok(JobHandle { resource, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Handles are stored: one that a later version cannot read is a job that nobody waits for.
    #[test]
    fn the_json_stays_as_it_is() {
        let id = Uuid::from_u128(0x67e5504410b1426f9247bb680e5fe0c8);
        let handle = JobHandle::new("films", id);
        let text = r#"{"resource":"films","id":"67e55044-10b1-426f-9247-bb680e5fe0c8"}"#;
        assert_eq!(serde_json::to_string(&handle).expect("JSON"), text);
        for text in [
            text,
            r#"{"new":[1],"id":"67e55044-10b1-426f-9247-bb680e5fe0c8","resource":"films"}"#,
            r#"["films","67e55044-10b1-426f-9247-bb680e5fe0c8"]"#,
        ] {
            let read = serde_json::from_str::<JobHandle>(text).expect(text);
            assert_eq!(read, handle);
        }
        for text in [
            r#"{"resource":"films"}"#,
            r#"{"resource":"films","id":"1"}"#,
            "7",
        ] {
            serde_json::from_str::<JobHandle>(text).expect_err(text);
        }
    }
}
