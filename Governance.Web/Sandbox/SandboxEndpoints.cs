using Governance.Infrastructure.Proxy;
using Microsoft.AspNetCore.Mvc;

namespace Governance.Web.Sandbox;

/// <summary>The built-in provider: a real HTTP endpoint of this process that speaks OpenAI's wire format.</summary>
internal static class SandboxEndpoints
{
    public static void MapSandbox(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>($"{ProviderOptions.Section}:Sandbox:Enabled")) return;
        app.MapPost("/sandbox/openai/v1/chat/completions", SandboxChat.HandleAsync)
            // What gets here was bounded by the proxy.
            .WithMetadata(new DisableRequestSizeLimitAttribute()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }
}
