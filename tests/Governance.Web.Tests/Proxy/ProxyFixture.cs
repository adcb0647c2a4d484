using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Governance.Domain;
using Governance.Infrastructure.Proxy;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Web.Tests.Proxy;

/// <summary>
/// The product in front of a scripted provider, with one tenant that calls. Its time limits are the product's own, which no answer
/// comes near, however busy the machine is; what happens at their end is seen with <see cref="StandingClockFixture"/>.
/// </summary>
public class ProxyFixture : IAsyncLifetime
{
    public const string Path = "/proxy/openai/v1/chat/completions";

    /// <summary>The callers of which the server has noticed that they are gone.</summary>
    public HangUps HangUps { get; } = new();

    public StubUpstream Upstream { get; private set; } = null!;

    public GovernanceServer Server { get; private set; } = null!;

    public Tenant Tenant { get; private set; } = null!;

    public HttpClient Caller { get; private set; } = null!;

    public HttpClient Api { get; private set; } = null!;

    protected virtual Dictionary<string, string?> Settings => new() { ["Proxy:MaxRequestBytes"] = "65536", ["Proxy:MaxResponseBytes"] = "65536" };

    /// <summary>
    /// Nothing is repeated and no breaker opens, so that what is tested of one call shows neither others nor what came before it. How the proxy copes with
    /// providers that fail is tested with <see cref="ResilienceFixture"/>.
    /// </summary>
    protected virtual Dictionary<string, string?> Resilience => new()
    {
        ["Proxy:Resilience:Attempts"] = "1", ["Proxy:Resilience:BreakerFailures"] = "1000000", ["Proxy:Resilience:BreakerMinimumCalls"] = "1000000",
    };

    /// <summary>The server's clock; the system's if none is given.</summary>
    protected virtual TimeProvider? Time => null;

    public virtual async ValueTask InitializeAsync()
    {
        Upstream = await StubUpstream.StartAsync();
        Server = await GovernanceServer.StartAsync(upstream: Upstream, settings: new Dictionary<string, string?>([.. Resilience, .. Settings]), time: Time, configure: services => services.AddSingleton<IStartupFilter>(HangUps));
        Tenant = await Server.AddTenantAsync();
        Caller = Server.NewClient(Tenant.Key.Secret);
        Api = Server.NewClient((await Tenant.AddServiceAccountAsync(Server.Services)).Secret);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        Api.Dispose();
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public static StringContent Body(string? model = "gpt-5-mini", bool stream = false, bool includeUsage = false, string extra = "") => Json(
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"How are you?"}],"stream":{{(stream ? "true" : "false")}}{{(includeUsage ? ""","stream_options":{"include_usage":true}""" : "")}}{{extra}}}""");

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>The id the proxy gave a call.</summary>
    public static Guid CallId(HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-governance-request-id").Single();
        return PublicId.TryParse(PublicId.Request, id, out var parsed) ? parsed : throw new InvalidOperationException($"{id} is no request id.");
    }

    /// <summary>Begins a stream, and hangs up once its first event is there.</summary>
    public async Task<Guid> HangUpAfterFirstEventAsync(CancellationToken cancellation)
    {
        // A client that is done with an answer reads on for a while to save the connection; this one closes it.
        using var caller = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        caller.DefaultRequestHeaders.Authorization = Caller.DefaultRequestHeaders.Authorization;
        using var request = new HttpRequestMessage(HttpMethod.Post, Server.Url + Path) { Content = Body(stream: true) };
        using var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        if (await reader.ReadLineAsync(cancellation) is null) throw new InvalidOperationException("The stream ended before its first event.");
        return CallId(response);
    }

    /// <summary>The call in the ledger once it has ended.</summary>
    public async Task<RequestDetail> BookedAsync(Guid callId) => await Eventually.SomeAsync(
        async () => await Server.Get<RequestQueries>().FindAsync(Tenant.Admin, callId, CancellationToken.None) is { Row.IsOpen: false } detail ? detail : null,
        "the call was booked");

    public Task<RequestDetail> BookedAsync(HttpResponseMessage response) => BookedAsync(CallId(response));

    /// <summary>The call's line of the log. It is written a moment after the call is booked; metrics count the call before.</summary>
    public Task<CapturedLog> ToldAsync(HttpResponseMessage response)
    {
        var id = PublicId.Format(PublicId.Request, CallId(response));
        return Eventually.SomeAsync(
            () => Task.FromResult(Server.Logs.Entries.SingleOrDefault(entry => entry.EventId == 1004 && entry.Message.Contains(id, StringComparison.Ordinal))), "the log had the call");
    }

    /// <summary>The error of an answer in OpenAI's shape.</summary>
    public static async Task<JsonElement> ErrorAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
}
