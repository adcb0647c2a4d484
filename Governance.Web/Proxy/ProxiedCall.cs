using System.Data.Common;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>A call through the proxy, whichever provider it is for, read from top to bottom: check, open, forward and relay, settle.</summary>
internal sealed class ProxiedCall(
    CallerCheck callers,
    SubjectDirectory subjects,
    ProviderConnections connections,
    PriceBooks prices,
    RoutePlanner routes,
    CallForwarder forwarder,
    CallLedger ledger,
    ContentCapture capture,
    OperatingOrganization operating,
    ProcessRegistry process,
    TimeProvider time,
    IOptions<ProxyOptions> options,
    ILogger<ProxiedCall> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var startedAt = time.GetUtcNow();
        var target = CallTarget.Of(http);
        var draft = new CallDraft(Guid.CreateVersion7(startedAt), startedAt, target.Kind?.Id ?? target.Name, process.InstanceId);
        ProxyReply.SetRequestId(http.Response, draft.Id);

        // 1. Check. Whatever is wrong is recorded as a refused call.
        var (ready, body, refusal) = await CheckAsync(http, target, draft);
        if (refusal is not null)
        {
            await RefuseAsync(http, target, ready, refusal);
            return;
        }

        // 2. Open. A call that cannot be recorded is not made.
        var call = ready.ToCall(fallback: null);
        try
        {
            await ledger.OpenAsync(call);
        }
        catch (Exception exception)
        {
            Log.NotOpened(logger, exception, call.Id);
            await ProxyReply.WriteErrorAsync(http, ready.Match!.Api.Errors, ProxyErrors.LedgerUnavailable);
            return;
        }

        // 3. Forward and relay. 4. Settle, whatever happened.
        var tee = await capture.BeginAsync(call);
        using var span = CallSpan.Start(ready);
        var result = await forwarder.ForwardAsync(http, target, ready, call, body, tee);
        CallSpan.End(span, result);
        await ledger.SettleAsync(call, result);
        capture.End(tee, call, body);
    }

    private async Task<(CallDraft Draft, byte[] Body, ProxyError? Refusal)> CheckAsync(HttpContext http, CallTarget target, CallDraft draft)
    {
        try
        {
            // Who calls?
            var caller = await callers.FindAsync(http, target);
            draft = draft with { Holder = caller.Holder };
            if (caller.Error is not null) return (draft, [], caller.Error);
            var holder = caller.Holder!;

            // What is called?
            var connection = await connections.FindAsync(holder.OrganizationId, target.Kind, target.Name, http.RequestAborted);
            if ((connection?.Kind ?? target.Kind) is not { } kind) return (draft, [], ProxyErrors.UnknownConnection(target.Name));
            draft = draft with { Connection = connection, Match = kind.Find(http.Request.Method, target.Path) };
            if (draft.Match is not { Api: var api }) return (draft, [], ProxyErrors.UnknownEndpoint(http.Request.Method, http.Request.Path));
            if (holder.Check(api.Scope, draft.StartedAt) is { } closed) return (draft, [], closed);

            // What is asked?
            var (body, tooLarge) = caller.Body is { } read ? (read, null) : await RequestBody.ReadAsync(http, options.Value.MaxRequestBytes);
            if (tooLarge is not null) return (draft, [], tooLarge);
            var (request, malformed) = api.ReadRequest(body, draft.Match.Model);
            if (malformed is not null) return (draft, [], malformed);
            var (tags, tagError) = CallTags.Parse(http.Request.Headers[CallTags.Header]);
            draft = draft with { Request = request, Tags = tags };
            if (tagError is not null) return (draft, [], ProxyErrors.InvalidTags(tagError));

            // Where may it go?
            var (plan, unroutable) = await routes.PlanAsync(holder, target.Kind, connection, api, request!, draft.StartedAt, http.RequestAborted);
            if (unroutable is not null) return (draft, [], unroutable);
            connection = plan?.Candidates[0].Connection;
            draft = draft with { Plan = plan, Connection = connection };
            if (draft.Model is { } model && holder.CheckModel(model) is { } notAllowed) return (draft, [], notAllowed);

            // Can it be sent, and can its cost be governed?
            if (connection is null) return (draft, [], ProxyErrors.ProviderNotConfigured(kind.DisplayName));
            if (!connection.Approved) return (draft, [], ProxyErrors.ConnectionNotApproved(connection.Name));
            if (!api.Free && options.Value.UnpricedModels == UnpricedModels.Refuse)
            {
                var book = await prices.GetAsync(holder.OrganizationId, http.RequestAborted);
                if (book.Find(connection.Provider, draft.Model!, draft.StartedAt) is null) return (draft, [], ProxyErrors.UnpricedModel(draft.Model!));
            }

            // For whom?
            if (request!.User is { } user)
                draft = draft with { SubjectId = await subjects.ResolveAsync(holder.OrganizationId, user, http.RequestAborted) };
            return (draft, body!, null);
        }
        catch (BadHttpRequestException exception)
        {
            return (draft, [], ProxyErrors.InvalidRequest(exception.StatusCode));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return (draft, [], ProxyErrors.CallerGone);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException { InnerException: DbException })
        {
            Log.NotChecked(logger, exception, draft.Id);
            return (draft, [], ProxyErrors.LedgerUnavailable);
        }
    }

    private async Task RefuseAsync(HttpContext http, CallTarget target, CallDraft draft, ProxyError refusal)
    {
        await ProxyReply.WriteErrorAsync(http, draft.Match?.Api.Errors ?? draft.Connection?.Kind.Routes[0].Api.Errors ?? target.Errors, refusal);
        try
        {
            var fallback = draft.Holder is null ? await operating.FindAsync(CancellationToken.None) : null;
            if (draft.Holder is null && fallback is null) return; // Not set up yet: there is nobody to record it for.
            var result = new CallResult(refusal.Outcome, time.GetUtcNow())
            {
                Status = refusal.Status,
                ErrorCode = refusal.Code,
                Operation = GenAiNames.OperationOf(draft.Match?.Api.Scope),
            };
            await ledger.RefuseAsync(draft.ToCall(fallback), result);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            Log.NotChecked(logger, exception, draft.Id);
        }
    }
}
