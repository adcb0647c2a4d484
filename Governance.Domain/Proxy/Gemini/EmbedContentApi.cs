using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>Embeddings, one or a batch (ai.google.dev/api/embeddings). Answers without usage are estimated by the proxy.</summary>
public sealed class EmbedContentApi() : PromptRequestApi("content", "requests")
{
    public override string Scope => ProxyApis.Embeddings;
}
