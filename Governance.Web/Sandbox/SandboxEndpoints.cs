using Governance.Infrastructure.Proxy;
using Microsoft.AspNetCore.Mvc;

namespace Governance.Web.Sandbox;

/// <summary>The built-in provider: real HTTP endpoints of this process that speak the wire formats of the proxy's providers.</summary>
internal static class SandboxEndpoints
{
    /// <summary>Takes the events of the audit log that the demo sends, and keeps none.</summary>
    public const string Receiver = "/sandbox/events";

    /// <summary>It answers for any model; these are what it lists.</summary>
    private static readonly string[] OpenAiModels =
        ["gpt-4.1", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-5.6-luna", "gpt-5.6-sol", "gpt-6-luna", "gpt-6-sol", "text-embedding-3-small", "text-embedding-3-large"];

    public static void MapSandbox(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>($"{ProviderOptions.Section}:Sandbox:Enabled")) return;

        // What gets here was bounded by the proxy.
        var sandbox = app.MapGroup("/sandbox").WithMetadata(new DisableRequestSizeLimitAttribute()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        sandbox.MapPost("/events", () => TypedResults.NoContent());
        foreach (var openAi in new[] { "/openai/v1", "/azure/openai/v1" })
        {
            sandbox.MapPost(openAi + "/chat/completions", (HttpContext http) => SandboxChat.HandleAsync(http, model: null));
            sandbox.MapPost(openAi + "/responses", SandboxOpenAi.ResponsesAsync);
            sandbox.MapPost(openAi + "/embeddings", (HttpContext http) => SandboxOpenAi.EmbeddingsAsync(http, model: null));
            sandbox.MapPost(openAi + "/moderations", SandboxOpenAi.ModerationsAsync);
            sandbox.MapGet(openAi + "/models", () => SandboxOpenAi.Models(OpenAiModels));
            sandbox.MapGet(openAi + "/models/{model}", (string model) => SandboxOpenAi.Model(model));
        }

        sandbox.MapPost("/azure/openai/responses", SandboxOpenAi.ResponsesAsync);
        sandbox.MapGet("/azure/openai/models", () => SandboxOpenAi.Models(OpenAiModels));
        sandbox.MapPost("/azure/openai/deployments/{model}/chat/completions", (HttpContext http, string model) => SandboxChat.HandleAsync(http, model));
        sandbox.MapPost("/azure/openai/deployments/{model}/embeddings", (HttpContext http, string model) => SandboxOpenAi.EmbeddingsAsync(http, model));
        sandbox.MapPost("/anthropic/v1/messages", SandboxAnthropic.MessagesAsync);
        sandbox.MapPost("/anthropic/v1/messages/count_tokens", SandboxAnthropic.CountTokensAsync);
        sandbox.MapGet("/anthropic/v1/models", SandboxAnthropic.Models);
        sandbox.MapGet("/anthropic/v1/models/{model}", (string model) => SandboxAnthropic.Model(model));
        foreach (var gemini in new[] { "/gemini/v1beta", "/gemini/v1" })
        {
            sandbox.MapPost(gemini + "/models/{call}", SandboxGemini.HandleAsync);
            sandbox.MapGet(gemini + "/models", SandboxGemini.Models);
            sandbox.MapGet(gemini + "/models/{model}", (string model) => SandboxGemini.Model(model));
        }

        sandbox.MapPost("/bedrock/model/{model}/converse", (HttpContext http, string model) => SandboxBedrock.ConverseAsync(http, model, stream: false));
        sandbox.MapPost("/bedrock/model/{model}/converse-stream", (HttpContext http, string model) => SandboxBedrock.ConverseAsync(http, model, stream: true));
        sandbox.MapPost("/bedrock/model/{model}/invoke", (HttpContext http, string model) => SandboxBedrock.InvokeAsync(http, model, stream: false));
        sandbox.MapPost("/bedrock/model/{model}/invoke-with-response-stream", (HttpContext http, string model) => SandboxBedrock.InvokeAsync(http, model, stream: true));
    }
}
