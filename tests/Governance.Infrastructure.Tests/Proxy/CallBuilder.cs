using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy;

/// <summary>Calls and results as the proxy hands them to the ledger.</summary>
internal static class CallBuilder
{
    public const string Model = "gpt-5-mini";

    public static Call Call(this Tenant tenant, DateTimeOffset at, Guid instanceId = default) => new()
    {
        Id = Guid.CreateVersion7(at),
        OrganizationId = tenant.Id,
        StartedAt = at,
        Day = tenant.Organization.Zone.DayOf(at),
        Hour = tenant.Organization.Zone.ToLocal(at).Hour,
        TeamId = tenant.Application.TeamId,
        ApplicationId = tenant.Application.Id,
        KeyId = tenant.Key.Id,
        Environment = "production",
        DataClass = "internal",
        Provider = "openai",
        Connection = "openai",
        RequestedModel = Model,
        Source = CallSource.Proxy,
        PromptBytes = 4_000,
        MaxOutputTokens = 500,
        Tags = new Dictionary<string, string> { ["feature"] = "chat" },
        InstanceId = instanceId,
    };

    public static CallResult Result(this Call call, long input = 100, long output = 10, TimeSpan? duration = null)
    {
        var endedAt = call.StartedAt + (duration ?? TimeSpan.FromMilliseconds(250));
        return new CallResult(CallOutcome.Succeeded, endedAt)
        {
            Status = 200,
            ActualModel = $"{Model}-2025-08-07",
            ServiceTier = "default",
            Usage = new TokenUsage(Input: input, Output: output),
            Provenance = Provenance.Reported,
            FirstByteAt = call.StartedAt + TimeSpan.FromMilliseconds(100),
            Attempts =
            [
                new CallAttempt
                {
                    OrganizationId = call.OrganizationId, CallId = call.Id, Number = 1,
                    Connection = "openai", StartedAt = call.StartedAt, DurationMs = 250, Status = 200,
                },
            ],
        };
    }
}
