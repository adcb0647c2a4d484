using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Tests.Proxy;

/// <summary>What a key may, and until when, through the proxy of a server whose clock the tests move.</summary>
public sealed class KeyLimitTests : IAsyncLifetime
{
    private readonly FakeTime _clock = new();
    private StubUpstream _upstream = null!;
    private GovernanceServer _server = null!;
    private Tenant _tenant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private KeyService Service => _server.Get<KeyService>();

    public async ValueTask InitializeAsync()
    {
        _upstream = await StubUpstream.StartAsync();
        _server = await GovernanceServer.StartAsync(upstream: _upstream, time: _clock);
        _tenant = await _server.AddTenantAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Call_ExpiredKey_IsRefusedFromThatMomentOn()
    {
        var key = await CreateAsync(new NewVirtualKey(_tenant.Application.Id, "Short", "test", "internal") { ExpiresAt = _clock.GetUtcNow().AddMinutes(5) });
        await AssertPassesAsync(key.Secret);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await AssertRefusedAsync(key, key.Secret, 401, "expired_api_key");
    }

    [Fact]
    public async Task Call_RotatedKey_TakesBothSecretsUntilTheOverlapIsOver()
    {
        var rotated = (await Service.RotateAsync(_tenant.Admin, _tenant.Key.Id, TimeSpan.FromHours(1), Cancellation)).Required();
        await AssertPassesAsync(_tenant.Key.Secret);
        await AssertPassesAsync(rotated.Secret);

        _clock.Advance(TimeSpan.FromHours(1));
        await AssertRefusedAsync(rotated, _tenant.Key.Secret, 401, "replaced_api_key");
        await AssertPassesAsync(rotated.Secret);
    }

    [Fact]
    public async Task Call_OwnerDisabled_IsRefusedUntilTheyAreEnabledAgain()
    {
        var owner = await _tenant.AddPersonAsync(_server.Services, "ann@example.test", "a long enough password");
        var key = await CreateAsync(new NewVirtualKey(_tenant.Application.Id, "Ann's", "test", "internal") { OwnerId = owner.Id });
        await AssertPassesAsync(key.Secret);

        await SetDisabledAsync(owner.Id, _clock.GetUtcNow());
        await AssertRefusedAsync(key, key.Secret, 401, "key_owner_disabled");
        await SetDisabledAsync(owner.Id, null);
        await AssertPassesAsync(key.Secret);
    }

    [Fact]
    public async Task Call_ModelNotAllowed_IsRefusedWithTheModelAndWhatToDo()
    {
        var key = await CreateAsync(new NewVirtualKey(_tenant.Application.Id, "Small", "test", "internal") { AllowedModels = ["gpt-5-mini", "gpt-4*"] });
        await AssertPassesAsync(key.Secret);
        var message = await AssertRefusedAsync(key, key.Secret, 403, "model_not_allowed", "gpt-5");
        Assert.Contains("'gpt-5'", message, StringComparison.Ordinal);
        Assert.Contains("gpt-5-mini, gpt-4*", message, StringComparison.Ordinal);
        Assert.Contains("ask an administrator", message, StringComparison.Ordinal);

        (await Service.UpdateAsync(_tenant.Admin, key.Id, new VirtualKeyChange("Small", null, [ProxyApis.ChatCompletions], ["gpt-5*"], null), Cancellation)).Required();
        await AssertPassesAsync(key.Secret, "gpt-5");
    }

    [Fact]
    public async Task Call_ScopeTakenAway_IsRefused()
    {
        // Only one interface exists, so no key can be without it yet; the next one will make such keys.
        await using (var db = _server.Get<GovernanceDatabase>().ForOrganization(_tenant.Id))
        {
            (await db.VirtualKeys.SingleAsync(Cancellation)).Scopes = ["something.else"];
            await db.SaveChangesAsync(Cancellation);
        }

        await AssertRefusedAsync(_tenant.Key, _tenant.Key.Secret, 403, "scope_not_allowed");
    }

    private async Task<CreatedKey> CreateAsync(NewVirtualKey request) => (await Service.CreateAsync(_tenant.Admin, request, Cancellation)).Required();

    private async Task SetDisabledAsync(Guid personId, DateTimeOffset? at)
    {
        await using (var db = _server.Get<GovernanceDatabase>().ForOrganization(_tenant.Id))
            await db.Users.Where(person => person.Id == personId).ExecuteUpdateAsync(set => set.SetProperty(person => person.DisabledAt, at), Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(3)); // As if another process had done it.
    }

    private async Task AssertPassesAsync(string secret, string model = "gpt-5-mini")
    {
        using var response = await CallAsync(secret, model);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<string> AssertRefusedAsync(CreatedKey key, string secret, int status, string code, string model = "gpt-5-mini")
    {
        var before = _upstream.Received.Count;
        using var response = await CallAsync(secret, model);
        Assert.Equal(status, (int)response.StatusCode);
        var error = await ProxyFixture.ErrorAsync(response);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(before, _upstream.Received.Count);
        var row = (await Eventually.SomeAsync(
            async () => await _server.Get<RequestQueries>().FindAsync(_tenant.Admin, ProxyFixture.CallId(response), Cancellation) is { Row.IsOpen: false } found ? found : null,
            "the refusal was recorded")).Row;
        Assert.Equal((CallOutcome.Refused, code, key.Id), (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Call.KeyId));
        return error.GetProperty("message").GetString()!;
    }

    private async Task<HttpResponseMessage> CallAsync(string secret, string model)
    {
        using var caller = _server.NewClient(secret);
        return await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(model), Cancellation);
    }
}
