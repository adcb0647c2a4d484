using Governance.Domain.Costs;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Proxy;

/// <summary>What is known of a call while it is being checked; a refused one is recorded with as much as was learnt.</summary>
internal sealed record CallDraft(Guid Id, DateTimeOffset StartedAt, string Provider, Guid InstanceId)
{
    public KeyHolder? Holder { get; init; }

    public CallRequest? Request { get; init; }

    /// <summary>The model that is governed and priced: what the caller's name for it stands for.</summary>
    public string? Model => Plan is { } plan ? plan.Candidates[0].Model : Request?.Model is { } model ? Connection?.Aliases.GetValueOrDefault(model, model) ?? model : null;

    public ProviderConnection? Connection { get; init; }

    /// <summary>Where the call may go; none until that is known.</summary>
    public RoutePlan? Plan { get; init; }

    public ApiMatch? Match { get; init; }

    /// <summary>What it may cost at most; none where that is not known.</summary>
    public Money? Ceiling { get; init; }

    public Guid? SubjectId { get; init; }

    /// <summary>The call's place under its limits; none until it has one.</summary>
    public LimitLease? Lease { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The row to record, in the key's organisation.</summary>
    /// <param name="fallback">Where calls without a valid key are recorded; needed if there is no holder.</param>
    public Call ToCall(Organization? fallback)
    {
        var zone = Holder?.Zone ?? fallback?.Zone ?? ReportingZone.Utc;
        return new Call
        {
            Id = Id,
            OrganizationId = Holder?.OrganizationId ?? fallback!.Id,
            StartedAt = StartedAt,
            Day = zone.DayOf(StartedAt),
            Hour = zone.ToLocal(StartedAt).Hour,
            TeamId = Holder?.TeamId,
            ApplicationId = Holder?.ApplicationId,
            KeyId = Holder?.KeyId,
            SubjectId = SubjectId,
            Environment = Holder?.Environment,
            DataClass = Holder?.DataClass,
            Provider = Connection?.Provider ?? Provider,
            Connection = Connection?.Name,
            Region = Connection?.Region,
            RequestedModel = Model,
            RequestedTier = Request?.ServiceTier,
            Stream = Request?.Stream ?? false,
            Source = CallSource.Proxy,
            PromptBytes = Request?.PromptBytes ?? 0,
            MaxOutputTokens = Request?.MaxOutputTokens,
            CeilingNanoUsd = Ceiling?.NanoUsd,
            Tags = Tags,
            InstanceId = InstanceId,
        };
    }
}
