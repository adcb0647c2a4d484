using Governance.Infrastructure.Proxy;
using Microsoft.AspNetCore.Mvc;

namespace Governance.Web.Sandbox;

/// <summary>The built-in provider: a real HTTP endpoint of this process that speaks OpenAI's wire format.</summary>
internal static class SandboxEndpoints
{
    /// <summary>Takes the events of the audit log that the demo sends, and keeps none.</summary>
    public const string Receiver = "/sandbox/events";

    public static void MapSandbox(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>($"{ProviderOptions.Section}:Sandbox:Enabled")) return;
        app.MapPost("/sandbox/openai/v1/chat/completions", SandboxChat.HandleAsync)
            // What gets here was bounded by the proxy.
            .WithMetadata(new DisableRequestSizeLimitAttribute()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapPost(Receiver, () => TypedResults.NoContent()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }
}
