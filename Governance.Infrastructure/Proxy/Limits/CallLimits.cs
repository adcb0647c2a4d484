using System.Net;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Identity;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Lets calls in as their limits allow. Nothing here waits for the database.</summary>
public sealed class CallLimits(RateLimitDirectory directory, LimitBooks books, AddressIds addresses, TokenEstimators estimators, TimeProvider time)
{
    /// <summary>Takes a place for a call under everything that applies to it, or tells the limit that refuses it.</summary>
    /// <param name="call">What is called, by whom and for whom.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<(LimitLease? Lease, ProxyError? Error)> EnterAsync(LimitedCall call, CancellationToken cancellation)
    {
        var own = await directory.GetAsync(call.Holder.OrganizationId, cancellation);
        if (own.IsEmpty) return (LimitLease.Unlimited, null);
        var limits = Applied(own, call);
        if (limits.Count == 0) return (LimitLease.Unlimited, null);
        var tokens = own.CountsTokens ? await EstimateAsync(call, cancellation) : 0;
        var (lease, refusal) = books.Of(call.Holder.OrganizationId).Enter(limits, tokens, time.GetUtcNow(), books.Members);
        return (lease, refusal?.ToError());
    }

    private List<AppliedLimit> Applied(OwnLimits own, LimitedCall call)
    {
        var limits = new List<AppliedLimit>(6);
        own.AddTo(limits, LimitScope.Key, call.Holder.KeyId);
        own.AddTo(limits, LimitScope.Application, call.Holder.ApplicationId);
        own.AddTo(limits, LimitScope.Team, call.Holder.TeamId);
        own.AddTo(limits, LimitScope.Person, call.SubjectId);
        own.AddTo(limits, LimitScope.Person, call.Holder.OwnerId, ownOnly: true);
        if (own.CountsAddresses && call.Address is { } address)
            own.AddTo(limits, LimitScope.Address, addresses.IdOf(call.Holder.OrganizationId, CallerAddress.Counted(address)));
        return limits;
    }

    private async ValueTask<long> EstimateAsync(LimitedCall call, CancellationToken cancellation)
    {
        if (call.Api.Free) return 0;
        var estimator = await estimators.GetAsync(call.Holder.OrganizationId, cancellation);
        return TokenReservation.Of(estimator.Estimate(call.Provider, call.Model, TokenSide.Prompt, call.Request.PromptBytes), call.Api, call.Request);
    }
}

/// <summary>A call that asks to be let in.</summary>
/// <param name="Holder">Whose key it comes with.</param>
/// <param name="SubjectId">The end user it is made for, if the application names one.</param>
/// <param name="Address">Where it comes from, if that is known.</param>
/// <param name="Api">What is called.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Provider">Of whom.</param>
/// <param name="Model">The model that is governed.</param>
public sealed record LimitedCall(KeyHolder Holder, Guid? SubjectId, IPAddress? Address, ProviderApi Api, CallRequest Request, string Provider, string? Model);
