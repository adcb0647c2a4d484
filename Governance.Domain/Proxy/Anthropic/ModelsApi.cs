using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>The list of models, and one of them (platform.claude.com/docs/en/api/models).</summary>
public sealed class ModelsApi : ProviderApi
{
    public override string Scope => ProxyApis.Models;

    public override ErrorShape Errors => AnthropicErrors.Instance;

    public override bool Free => true;

    public override (CallRequest? Request, ProxyError? Error) ReadRequest(ReadOnlySpan<byte> body, string? target) =>
        target is not null && RequestFields.CheckModel(target) is { } wrong ? (null, wrong) : (new CallRequest(target), null);

    public override AnswerReader NewReader() => new MessagesReader();
}
