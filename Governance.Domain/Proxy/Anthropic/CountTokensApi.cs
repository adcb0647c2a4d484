using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>Counts the tokens of a prompt without running it, which is free (platform.claude.com/docs/en/build-with-claude/token-counting).</summary>
public sealed class CountTokensApi : JsonRequestApi
{
    public override string Scope => ProxyApis.Messages;

    public override ErrorShape Errors => AnthropicErrors.Instance;

    public override bool Free => true;

    public override AnswerReader NewReader() => new MessagesReader();

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target) =>
        MessagesRequest.Read(ref reader, needsMaxTokens: false);
}
