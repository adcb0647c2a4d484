using Governance.Infrastructure.Proxy;
using Microsoft.AspNetCore.Mvc;

namespace Governance.Web.Sandbox;

/// <summary>The built-in provider: a real HTTP endpoint of this process that speaks OpenAI's wire format.</summary>
internal static class SandboxEndpoints
{
    /// <summary>Takes the events of the audit log that the demo sends, and keeps none.</summary>
    public const string Receiver = "/sandbox/events";

    /// <summary>It answers for any model; these are what it lists.</summary>
    private static readonly string[] Models = ["gpt-4.1", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-5.6-luna", "gpt-5.6-sol", "gpt-6-luna", "gpt-6-sol"];

    public static void MapSandbox(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>($"{ProviderOptions.Section}:Sandbox:Enabled")) return;
        app.MapPost("/sandbox/openai/v1/chat/completions", SandboxChat.HandleAsync)
            // What gets here was bounded by the proxy.
            .WithMetadata(new DisableRequestSizeLimitAttribute()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapGet("/sandbox/openai/v1/models", () => TypedResults.Ok(new { @object = "list", data = Models.Select(id => new { id, @object = "model", created = 0, owned_by = "sandbox" }) }))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Receiver, () => TypedResults.NoContent()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }
}
