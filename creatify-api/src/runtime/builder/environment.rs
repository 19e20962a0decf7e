//! Settings from environment variables. In: the variables. Out: a builder, or the name of the variable that is wrong.
//! Shows no value.

use std::env::VarError;

use super::ClientBuilder;
use crate::runtime::{Credentials, Error};

impl ClientBuilder {
    /// The settings that the environment gives, to which others can be added: the keys in `CREATIFY_API_ID` and
    /// `CREATIFY_API_KEY`, and the base URL in `CREATIFY_BASE_URL` if that is set. What is set afterwards
    /// replaces what the environment says.
    ///
    /// Fails with [`is_configuration`](Error::is_configuration) when a key is not set or cannot be one, or when a variable
    /// is empty or not UTF-8. The error names the variable and does not show it.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # fn example() -> Result<(), creatify_api::Error> {
    /// let builder = creatify_api::ClientBuilder::from_env()?;
    /// let client = builder.timeout(Duration::from_secs(60)).spend_limit(100.0).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var(name))
    }

    /// The settings that these variables give.
    fn from_variables(variable: impl Fn(&str) -> Result<String, VarError>) -> Result<Self, Error> {
        let optional = |name: &str| match variable(name) {
            // A script that leaves it empty means something else than the service, whose calls cost credits.
            Ok(value) if value.is_empty() => Err(Error::configuration(format!(
                "the environment variable `{name}` is empty"
            ))),
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            // The calls would go to another server, or the keys be others, than what is set.
            Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!(
                "the environment variable `{name}` is not UTF-8"
            ))),
        };
        let required = |name: &str| {
            optional(name)?.ok_or_else(|| {
                Error::configuration(format!("the environment variable `{name}` is not set"))
            })
        };
        let credentials =
            Credentials::new(required("CREATIFY_API_ID")?, required("CREATIFY_API_KEY")?);
        credentials.keys().map_err(|problem| {
            Error::configuration(format!(
                "{problem} (it comes from `CREATIFY_API_ID` or `CREATIFY_API_KEY`)"
            ))
        })?;
        let mut builder = Self::default().credentials(credentials);
        if let Some(base_url) = optional("CREATIFY_BASE_URL")? {
            builder = builder.base_url(base_url);
        }
        Ok(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_needs_both_keys() {
        let complete = |name: &str| match name {
            "CREATIFY_API_ID" => Ok("id".to_owned()),
            "CREATIFY_API_KEY" => Ok("key".to_owned()),
            "CREATIFY_BASE_URL" => Ok("http://127.0.0.1:9/v1".to_owned()),
            _ => Err(VarError::NotPresent),
        };
        let builder = ClientBuilder::from_variables(complete).expect("a builder");
        assert_eq!(builder.base_url, "http://127.0.0.1:9/v1");
        assert_eq!(builder.credentials, Some(Credentials::new("id", "key")));
        for missing in ["CREATIFY_API_ID", "CREATIFY_API_KEY"] {
            for value in [Err(VarError::NotPresent), Ok(String::new())] {
                let variable = |name: &str| {
                    if name == missing {
                        value.clone()
                    } else {
                        complete(name)
                    }
                };
                let error = ClientBuilder::from_variables(variable).expect_err("a key is missing");
                let is_empty = error.to_string().ends_with("is empty");
                assert_eq!(is_empty, value == Ok(String::new()), "{error}");
                assert!(
                    error.is_configuration() && error.to_string().contains(missing),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn an_empty_base_url_is_not_the_service() {
        let variable = |name: &str| match name {
            "CREATIFY_BASE_URL" => Ok(String::new()),
            _ => Ok("a-key-of-someone".to_owned()),
        };
        let error = ClientBuilder::from_variables(variable).expect_err("no address");
        assert!(
            error.to_string().contains("`CREATIFY_BASE_URL` is empty"),
            "{error}"
        );
    }

    #[test]
    fn what_is_set_afterwards_replaces_what_the_environment_says() {
        let variable = |name: &str| match name {
            "CREATIFY_BASE_URL" => Ok("http://127.0.0.1:9".to_owned()),
            _ => Ok("a-key-of-someone".to_owned()),
        };
        let builder = ClientBuilder::from_variables(variable).expect("a builder");
        let builder = builder.base_url("http://127.0.0.1:10").user_agent("mine");
        assert_eq!(
            (builder.base_url.as_str(), builder.user_agent.as_str()),
            ("http://127.0.0.1:10", "mine")
        );
        builder.build().expect("a client");
    }

    /// What is set and cannot be read is not the same as what is not set: the default is the service itself.
    #[cfg(unix)]
    #[test]
    fn variables_that_are_no_text_are_errors() {
        use std::os::unix::ffi::OsStringExt;

        for wrong in ["CREATIFY_API_ID", "CREATIFY_API_KEY", "CREATIFY_BASE_URL"] {
            let variable = |name: &str| match name {
                _ if name == wrong => {
                    let value = std::ffi::OsString::from_vec(b"http://secret\xff".to_vec());
                    Err(VarError::NotUnicode(value))
                }
                "CREATIFY_BASE_URL" => Err(VarError::NotPresent),
                _ => Ok("a-key-of-someone".to_owned()),
            };
            let error = ClientBuilder::from_variables(variable).expect_err(wrong);
            let text = format!("{error} {error:?}");
            assert!(error.is_configuration() && text.contains(wrong), "{text}");
            assert!(text.contains("UTF-8") && !text.contains("secret"), "{text}");
        }
    }
}
