//! The examples of the generated documentation, as they stand there. In: a client. Out: what
//! each answers. `tests/suite/documented.rs` says what has to stand here.

pub(crate) mod custom_template_jobs_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;
        use creatify_api::types::CustomTemplateJobRequest;

        let answer = client
            .custom_template_jobs()
            .create(&CustomTemplateJobRequest::new(
                Uuid::nil(),
                Default::default(),
            ))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_template_jobs_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.custom_template_jobs().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_template_jobs_2 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;
        use creatify_api::types::CustomTemplateJobRequest;

        let answer = client
            .custom_template_jobs()
            .preview(&CustomTemplateJobRequest::new(
                Uuid::nil(),
                Default::default(),
            ))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_template_jobs_3 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;
        use creatify_api::types::CustomTemplateJobRequest;

        let answer = client
            .custom_template_jobs()
            .preview_async(&CustomTemplateJobRequest::new(
                Uuid::nil(),
                Default::default(),
            ))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_template_jobs_4 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;
        use creatify_api::types::CustomTemplateJobRequest;

        let answer = client
            .custom_template_jobs()
            .render(
                Uuid::nil(),
                &CustomTemplateJobRequest::new(Uuid::nil(), Default::default()),
            )
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_template_jobs_5 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.custom_template_jobs().retrieve(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_template_jobs_6 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;
        use creatify_api::types::CustomTemplateJobRequest;

        let job = client
            .custom_template_jobs()
            .create(&CustomTemplateJobRequest::new(
                Uuid::nil(),
                Default::default(),
            ))
            .await?;
        let job = client.custom_template_jobs().wait(job.id).await?;
        println!("{:?}", job.video_output);
        Ok(())
    }
}

pub(crate) mod custom_templates_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.custom_templates().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod custom_templates_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.custom_templates().retrieve(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::{AspectRatio, LipsyncRequest};

        let answer = client
            .lipsyncs()
            .create(&LipsyncRequest::new(AspectRatio::Ratio9x16).text("text"))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.lipsyncs().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_2 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::{AspectRatio, LipsyncRequest};

        let answer = client
            .lipsyncs()
            .preview(&LipsyncRequest::new(AspectRatio::Ratio9x16).text("text"))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_3 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.lipsyncs().render(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_4 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.lipsyncs().retrieve(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_5 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::{AspectRatio, LipsyncRequest};

        let job = client
            .lipsyncs()
            .create(&LipsyncRequest::new(AspectRatio::Ratio9x16).text("text"))
            .await?;
        let job = client.lipsyncs().wait(job.id).await?;
        println!("{:?}", job.output);
        Ok(())
    }
}

pub(crate) mod lipsyncs_v2_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::{
            MultiAvatarLipsyncInput, SceneCharacterRequest, SceneCharacterType, SceneRequest,
            SceneVoiceRequest, SceneVoiceType,
        };

        let answer = client
            .lipsyncs_v2()
            .create(&MultiAvatarLipsyncInput::new([SceneRequest::new(
                SceneCharacterRequest::new(SceneCharacterType::Avatar, "avatar id"),
                SceneVoiceRequest::new(SceneVoiceType::Text).input_text("input text"),
            )]))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_v2_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.lipsyncs_v2().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_v2_2 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::{
            MultiAvatarLipsyncInput, SceneCharacterRequest, SceneCharacterType, SceneRequest,
            SceneVoiceRequest, SceneVoiceType,
        };

        let answer = client
            .lipsyncs_v2()
            .preview(&MultiAvatarLipsyncInput::new([SceneRequest::new(
                SceneCharacterRequest::new(SceneCharacterType::Avatar, "avatar id"),
                SceneVoiceRequest::new(SceneVoiceType::Text).input_text("input text"),
            )]))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_v2_3 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.lipsyncs_v2().render(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_v2_4 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.lipsyncs_v2().retrieve(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod lipsyncs_v2_5 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::{
            MultiAvatarLipsyncInput, SceneCharacterRequest, SceneCharacterType, SceneRequest,
            SceneVoiceRequest, SceneVoiceType,
        };

        let job = client
            .lipsyncs_v2()
            .create(&MultiAvatarLipsyncInput::new([SceneRequest::new(
                SceneCharacterRequest::new(SceneCharacterType::Avatar, "avatar id"),
                SceneVoiceRequest::new(SceneVoiceType::Text).input_text("input text"),
            )]))
            .await?;
        let job = client.lipsyncs_v2().wait(job.id).await?;
        println!("{:?}", job.output);
        Ok(())
    }
}

pub(crate) mod personas_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.personas().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod personas_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.personas().paginated().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod personas_2 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.personas().retrieve(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod remaining_credits_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.remaining_credits().retrieve().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod text_to_speech_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::TextToSpeechRequest;

        let answer = client
            .text_to_speech()
            .create(&TextToSpeechRequest::new("script"))
            .await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod text_to_speech_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.text_to_speech().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod text_to_speech_2 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::Uuid;

        let answer = client.text_to_speech().retrieve(Uuid::nil()).await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod text_to_speech_3 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        use creatify_api::types::TextToSpeechRequest;

        let job = client
            .text_to_speech()
            .create(&TextToSpeechRequest::new("script"))
            .await?;
        let job = client.text_to_speech().wait(job.id).await?;
        println!("{:?}", job.output);
        Ok(())
    }
}

pub(crate) mod voices_0 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.voices().list().await?;
        println!("{answer:?}");
        Ok(())
    }
}

pub(crate) mod voices_1 {
    pub(crate) async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
        let answer = client.voices().paginated().await?;
        println!("{answer:?}");
        Ok(())
    }
}

/// Runs each of them.
pub(crate) async fn run(
    client: &creatify_api::Client,
) -> Vec<(&'static str, Result<(), creatify_api::Error>)> {
    vec![
        (
            "custom_template_jobs_0",
            custom_template_jobs_0::example(client.clone()).await,
        ),
        (
            "custom_template_jobs_1",
            custom_template_jobs_1::example(client.clone()).await,
        ),
        (
            "custom_template_jobs_2",
            custom_template_jobs_2::example(client.clone()).await,
        ),
        (
            "custom_template_jobs_3",
            custom_template_jobs_3::example(client.clone()).await,
        ),
        (
            "custom_template_jobs_4",
            custom_template_jobs_4::example(client.clone()).await,
        ),
        (
            "custom_template_jobs_5",
            custom_template_jobs_5::example(client.clone()).await,
        ),
        (
            "custom_template_jobs_6",
            custom_template_jobs_6::example(client.clone()).await,
        ),
        (
            "custom_templates_0",
            custom_templates_0::example(client.clone()).await,
        ),
        (
            "custom_templates_1",
            custom_templates_1::example(client.clone()).await,
        ),
        ("lipsyncs_0", lipsyncs_0::example(client.clone()).await),
        ("lipsyncs_1", lipsyncs_1::example(client.clone()).await),
        ("lipsyncs_2", lipsyncs_2::example(client.clone()).await),
        ("lipsyncs_3", lipsyncs_3::example(client.clone()).await),
        ("lipsyncs_4", lipsyncs_4::example(client.clone()).await),
        ("lipsyncs_5", lipsyncs_5::example(client.clone()).await),
        (
            "lipsyncs_v2_0",
            lipsyncs_v2_0::example(client.clone()).await,
        ),
        (
            "lipsyncs_v2_1",
            lipsyncs_v2_1::example(client.clone()).await,
        ),
        (
            "lipsyncs_v2_2",
            lipsyncs_v2_2::example(client.clone()).await,
        ),
        (
            "lipsyncs_v2_3",
            lipsyncs_v2_3::example(client.clone()).await,
        ),
        (
            "lipsyncs_v2_4",
            lipsyncs_v2_4::example(client.clone()).await,
        ),
        (
            "lipsyncs_v2_5",
            lipsyncs_v2_5::example(client.clone()).await,
        ),
        ("personas_0", personas_0::example(client.clone()).await),
        ("personas_1", personas_1::example(client.clone()).await),
        ("personas_2", personas_2::example(client.clone()).await),
        (
            "remaining_credits_0",
            remaining_credits_0::example(client.clone()).await,
        ),
        (
            "text_to_speech_0",
            text_to_speech_0::example(client.clone()).await,
        ),
        (
            "text_to_speech_1",
            text_to_speech_1::example(client.clone()).await,
        ),
        (
            "text_to_speech_2",
            text_to_speech_2::example(client.clone()).await,
        ),
        (
            "text_to_speech_3",
            text_to_speech_3::example(client.clone()).await,
        ),
        ("voices_0", voices_0::example(client.clone()).await),
        ("voices_1", voices_1::example(client.clone()).await),
    ]
}
