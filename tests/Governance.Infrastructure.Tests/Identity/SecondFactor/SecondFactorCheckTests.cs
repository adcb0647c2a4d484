using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Infrastructure.Identity;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.SecondFactor;

public sealed class SecondFactorCheckTests : SecondFactorTest
{
    [Fact]
    public async Task VerifyCodeAsync_CodeOfNow_IsAcceptedOnce()
    {
        await BeginAsync();
        var (app, _) = await EnrolAsync();
        (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Required();
        Assert.Equal("Code", (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Refusal?.Field);

        Clock.Advance(TimeSpan.FromSeconds(30));
        (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Required();
    }

    [Fact]
    public async Task VerifyCodeAsync_CodeOfAnEarlierStepAfterALaterOne_IsRefused()
    {
        await BeginAsync();
        var (app, _) = await EnrolAsync();
        var earlier = CodeNow(app);
        Clock.Advance(TimeSpan.FromSeconds(30));
        (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Required();
        Assert.False((await Check.VerifyCodeAsync(Self, Ann.Id, earlier, default)).Succeeded);
    }

    [Fact]
    public async Task VerifyCodeAsync_OneCodeSeveralTimesAtOnce_IsAcceptedOnce()
    {
        await BeginAsync();
        var (app, _) = await EnrolAsync();
        for (var round = 0; round < TestScale.Cases(20, 500); round++)
        {
            var code = CodeNow(app);
            var results = await AtOnceAsync(() => Check.VerifyCodeAsync(Self, Ann.Id, code, default));
            Assert.Single(results, result => result.Succeeded);
            await SettleAsync();
        }
    }

    [Fact]
    public async Task UseRecoveryCodeAsync_OneCodeSeveralTimesAtOnce_IsAcceptedOnce()
    {
        await BeginAsync();
        var (_, codes) = await EnrolAsync();
        for (var round = 0; round < TestScale.Cases(20, 500); round++)
        {
            if (round % 10 == 0) await SignInAgainAsync();
            if (round % 10 == 0) codes = (await Service.RegenerateRecoveryCodesAsync(Self, Ann.Id, default)).Required();
            var code = codes[round % 10];
            var results = await AtOnceAsync(() => Check.UseRecoveryCodeAsync(Self, Ann.Id, code, default));
            Assert.Single(results, result => result.Succeeded);
            await SettleAsync();
        }
    }

    [Fact]
    public async Task UseRecoveryCodeAsync_HoweverItIsTyped_WorksForItsPersonAlone()
    {
        await BeginAsync();
        var (_, codes) = await EnrolAsync();
        var bob = await Tenant.AddPersonAsync(Process.Services, "bob@example.org", "correct horse battery");
        Assert.False((await Check.UseRecoveryCodeAsync(Tenant.Acting(bob), bob.Id, codes[0], default)).Succeeded);
        (await Check.UseRecoveryCodeAsync(Self, Ann.Id, $" {codes[0].ToLowerInvariant().Replace('-', ' ')} ", default)).Required();
        Assert.False((await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Succeeded);
        Assert.False((await Check.UseRecoveryCodeAsync(Self, Ann.Id, "", default)).Succeeded);
        Assert.Equal(9, (await Service.StatusAsync(Self, Ann.Id, default)).Required().RecoveryCodesLeft);
    }

    [Fact]
    public async Task Failures_OfEitherKind_LockBothAndAreRecorded()
    {
        await BeginAsync();
        var (app, codes) = await EnrolAsync();
        for (var i = 0; i < 3; i++) Assert.Equal(RefusalKind.Invalid, (await Check.VerifyCodeAsync(Self, Ann.Id, WrongCode(app), default)).Refusal?.Kind);
        for (var i = 0; i < 2; i++) Assert.Equal(RefusalKind.Invalid, (await Check.UseRecoveryCodeAsync(Self, Ann.Id, "nothing", default)).Refusal?.Kind);

        Assert.Equal(RefusalKind.TooMany, (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.TooMany, (await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Refusal?.Kind);
        Assert.Equal(7, (await EventsAsync()).Count(row => row is { Action: "second_factor.refused", Outcome: AuditOutcome.Failure }));

        // What was right while the lock stood has not been used up.
        Clock.Advance(TimeSpan.FromMinutes(1));
        (await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Required();
        Assert.Equal(SignInLock.Open, await Get<SignInThrottle>().LockOfAsync(Tenant.Id, Ann.Id, default));
    }

    [Fact]
    public async Task VerifyCodeAsync_NothingSetUp_IsRefused()
    {
        await BeginAsync();
        Assert.False((await Check.VerifyCodeAsync(Self, Ann.Id, "000000", default)).Succeeded);
        var app = await BeginEnrolmentAsync();
        Assert.False((await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Succeeded);
    }

    private static async Task<Result[]> AtOnceAsync(Func<Task<Result>> what) => await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(what)));

    /// <summary>Ends the count of the one that lost, and goes on to the next code.</summary>
    private async Task SettleAsync()
    {
        Assert.True(await Get<SignInThrottle>().RecordSuccessAsync(Tenant.Id, Ann.Id));
        Clock.Advance(TimeSpan.FromSeconds(30));
    }
}
