using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Governance.Domain;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>Applications, other systems and people who work with the product until it is gone, and what it acknowledged to them.</summary>
/// <param name="product">The product, running.</param>
/// <param name="proxyKey">By which applications call.</param>
/// <param name="apiKey">By which other systems report events, and the auditor reads the log.</param>
/// <param name="person">Somebody's address and password, for which they get tokens.</param>
internal sealed class ProductLoad(ProductUnderTest product, string proxyKey, string apiKey, (string Email, string Password) person)
{
    private readonly ConcurrentQueue<Guid> _answered = [];
    private readonly ConcurrentQueue<Guid> _finished = [];
    private readonly ConcurrentQueue<Guid> _events = [];
    private int _tokens;

    /// <summary>Calls that were answered. Their outcome is booked right after (docs/adr/0006-calls-are-opened-then-booked.md).</summary>
    public IReadOnlyCollection<Guid> Answered => _answered;

    /// <summary>Calls with which the product was done, since it answered another one on the same connection.</summary>
    public IReadOnlyCollection<Guid> Finished => _finished;

    public IReadOnlyCollection<Guid> Events => _events;

    public int Tokens => _tokens;

    /// <summary>Works until so much was acknowledged, and kills the product in the midst of what is under way then.</summary>
    public async Task RunAndKillAsync(int acknowledgements)
    {
        var (left, enough) = (acknowledgements, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var http = NewClient();
        using var first = new ProxyCaller(product, proxyKey);
        using var second = new ProxyCaller(product, proxyKey);
        Func<Task>[] work = [CallsOf(first), CallsOf(second), ReportAsync, ReportAsync, GetTokenAsync];
        var workers = Task.WhenAll(work.Select(UntilGoneAsync));

        var endedBefore = await Task.WhenAny(enough.Task, workers) == workers;
        product.Kill();
        await workers;
        if (endedBefore) throw new InvalidOperationException($"The product ended by itself.\n{product.Output}");

        async Task UntilGoneAsync(Func<Task> act)
        {
            try
            {
                while (true)
                {
                    await act();
                    if (Interlocked.Decrement(ref left) == 0) enough.SetResult();
                }
            }
            catch (Exception exception) when (exception is HttpRequestException { StatusCode: null } or IOException)
            {
                // The product is gone; what it did of this, nobody was told.
            }
        }

        Func<Task> CallsOf(ProxyCaller caller)
        {
            Guid? before = null;
            return async () =>
            {
                var call = await caller.CallAsync();
                _answered.Enqueue(call);
                if (before is { } finished) _finished.Enqueue(finished);
                before = call;
            };
        }

        async Task ReportAsync()
        {
            using var body = new StringContent("""{"source":"crm","action":"deal.won","resource":{"type":"deal","id":"deal_1"},"details":{"worth":12.5}}""", Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/api/v1/audit/logs", body);
            Demand(response);
            var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            _events.Enqueue(PublicId.TryParse(PublicId.AuditEvent, id, out var read) ? read : throw new InvalidOperationException(id));
        }

        async Task GetTokenAsync()
        {
            using var form = new FormUrlEncodedContent([new("grant_type", "password"), new("username", person.Email), new("password", person.Password)]);
            using var response = await http.PostAsync("/api/v1/auth/token", form);
            Demand(response);
            Interlocked.Increment(ref _tokens);
        }
    }

    /// <summary>What the product refuses it has to say why.</summary>
    private void Demand(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{response.RequestMessage!.RequestUri} answered {response.StatusCode}.\n{product.Output}");
    }

    /// <summary>What an auditor fetches.</summary>
    public async Task<byte[]> GetAsync(string path)
    {
        using var http = NewClient();
        return await http.GetByteArrayAsync(path);
    }

    private HttpClient NewClient()
    {
        var http = new HttpClient { BaseAddress = new Uri(product.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return http;
    }
}
