using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>Counts the tokens of a prompt without running it, which is free (ai.google.dev/gemini-api/docs/tokens).</summary>
public sealed class CountTokensApi() : PromptRequestApi("contents", "generateContentRequest", "generate_content_request")
{
    public override string Scope => ProxyApis.GenerateContent;

    public override bool Free => true;
}
