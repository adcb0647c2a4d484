using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.SecondFactor;

public sealed class SecondFactorServiceTests : SecondFactorTest
{
    [Fact]
    public async Task BeginAuthenticatorAsync_Person_GetsAKeyToScanOrToType()
    {
        await BeginAsync();
        var enrolment = (await Service.BeginAuthenticatorAsync(Self, Ann.Id, default)).Required();

        Assert.Matches("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$", enrolment.ManualKey);
        Assert.StartsWith("otpauth://totp/Governance:ann%40example.org?secret=" + enrolment.ManualKey.Replace(" ", "", StringComparison.Ordinal), enrolment.Uri, StringComparison.Ordinal);
        Assert.Equal(QrCode.Of(enrolment.Uri), enrolment.QrCode);
        Assert.False((await Service.StatusAsync(Self, Ann.Id, default)).Required().HasAny);
        Assert.False(await Check.NeedsCodeAsync(Tenant.Id, Ann.Id, default));
    }

    [Fact]
    public async Task ConfirmAuthenticatorAsync_RightCode_PutsItIntoUseAndShowsTenCodes()
    {
        await BeginAsync();
        var app = await BeginEnrolmentAsync();
        Assert.Equal("Code", (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, WrongCode(app), default)).Refusal?.Field);

        var codes = (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, CodeNow(app), default)).Required();

        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$", code));
        var now = Clock.GetUtcNow();
        Assert.Equal(new SecondFactorStatus(true, now, 10, now, 0), (await Service.StatusAsync(Self, Ann.Id, default)).Required());
        Assert.True(await Check.NeedsCodeAsync(Tenant.Id, Ann.Id, default));
        Assert.Equal(["authenticator.begun", "authenticator.confirmed", "person.created", "sign_in.succeeded"], await ActionsAsync());
    }

    [Fact]
    public async Task ConfirmAuthenticatorAsync_CodeOfTheSetUp_CannotBeUsedToSignIn()
    {
        await BeginAsync();
        var app = await BeginEnrolmentAsync();
        (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, CodeNow(app), default)).Required();
        Assert.False((await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Succeeded);
    }

    [Fact]
    public async Task ConfirmAuthenticatorAsync_TooLateOrNeverBegun_IsRefused()
    {
        await BeginAsync();
        Assert.Equal(RefusalKind.Conflict, (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, "123456", default)).Refusal?.Kind);
        var app = await BeginEnrolmentAsync();
        Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(RefusalKind.Conflict, (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, CodeNow(app), default)).Refusal?.Kind);
    }

    [Fact]
    public async Task ConfirmAuthenticatorAsync_SeveralAtOnce_OneSetOfCodesRemains()
    {
        await BeginAsync();
        for (var round = 0; round < TestScale.Cases(20, 200); round++)
        {
            var app = await BeginEnrolmentAsync();
            var code = CodeNow(app);
            var results = await AtOnceAsync(() => Service.ConfirmAuthenticatorAsync(Self, Ann.Id, code, default));
            var shown = Assert.Single(results, result => result.Succeeded).Required();
            Assert.Equal(10, (await RowsAsync<RecoveryCode>()).Count);
            (await Check.UseRecoveryCodeAsync(Self, Ann.Id, shown[0], default)).Required();
        }
    }

    [Fact]
    public async Task BeginAuthenticatorAsync_AnotherDevice_ReplacesTheOldOneOnlyOnceConfirmed()
    {
        await BeginAsync();
        var (old, oldCodes) = await EnrolAsync();
        var app = await BeginEnrolmentAsync();
        (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(old), default)).Required();

        Clock.Advance(TimeSpan.FromSeconds(30));
        (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, CodeNow(app), default)).Required();
        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.False((await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(old), default)).Succeeded);
        Assert.False((await Check.UseRecoveryCodeAsync(Self, Ann.Id, oldCodes[0], default)).Succeeded);
        (await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Required();
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_Codes_ReplaceTheOldOnes()
    {
        await BeginAsync();
        Assert.Equal(RefusalKind.Conflict, (await Service.RegenerateRecoveryCodesAsync(Self, Ann.Id, default)).Refusal?.Kind);
        var (_, old) = await EnrolAsync();
        (await Check.UseRecoveryCodeAsync(Self, Ann.Id, old[0], default)).Required();
        Assert.Equal(9, (await Service.StatusAsync(Self, Ann.Id, default)).Required().RecoveryCodesLeft);

        var codes = (await Service.RegenerateRecoveryCodesAsync(Self, Ann.Id, default)).Required();

        Assert.Equal(10, (await Service.StatusAsync(Self, Ann.Id, default)).Required().RecoveryCodesLeft);
        Assert.False((await Check.UseRecoveryCodeAsync(Self, Ann.Id, old[1], default)).Succeeded);
        (await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Required();
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_SeveralAtOnce_LeaveTenThatOneCallerSaw()
    {
        await BeginAsync();
        await EnrolAsync();
        for (var round = 0; round < TestScale.Cases(20, 200); round++)
        {
            var sets = await AtOnceAsync(() => Service.RegenerateRecoveryCodesAsync(Self, Ann.Id, default));
            var kept = (await RowsAsync<RecoveryCode>()).Select(row => Convert.ToHexString(row.Hash)).ToHashSet();
            Assert.Equal(10, kept.Count);
            Assert.Single(sets, set => set.Required().All(code => kept.Contains(Convert.ToHexString(Get<FactorSecrets>().HashRecoveryCode(Ann.Id, code)))));
        }
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_PasskeyAlone_IsEnough()
    {
        await BeginAsync();
        await AddPasskeyAsync();
        var codes = (await Service.RegenerateRecoveryCodesAsync(Self, Ann.Id, default)).Required();
        Assert.Equal(new SecondFactorStatus(false, null, 10, Clock.GetUtcNow(), 1), (await Service.StatusAsync(Self, Ann.Id, default)).Required());
        (await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Required();
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_LastFactor_TakesTheRecoveryCodesAlong()
    {
        await BeginAsync();
        var (app, codes) = await EnrolAsync();
        (await Service.RemoveAuthenticatorAsync(Self, Ann.Id, default)).Required();

        Assert.False((await Service.StatusAsync(Self, Ann.Id, default)).Required().HasAny);
        Assert.Empty(await RowsAsync<RecoveryCode>());
        Assert.False((await Check.VerifyCodeAsync(Self, Ann.Id, CodeNow(app), default)).Succeeded);
        Assert.False((await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Succeeded);
        (await Service.RemoveAuthenticatorAsync(Self, Ann.Id, default)).Required();
        Assert.Single(await ActionsAsync(), "authenticator.removed");
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_PasskeyRemains_KeepsTheRecoveryCodes()
    {
        await BeginAsync();
        await EnrolAsync();
        await AddPasskeyAsync();
        (await Service.RemoveAuthenticatorAsync(Self, Ann.Id, default)).Required();
        var status = (await Service.StatusAsync(Self, Ann.Id, default)).Required();
        Assert.Equal((false, 10, 1), (status.HasAuthenticator, status.RecoveryCodesLeft, status.Passkeys));
    }

    [Fact]
    public async Task ResetAsync_ByAnAdministrator_RemovesEverything()
    {
        await BeginAsync();
        await EnrolAsync();
        await AddPasskeyAsync();
        var admin = await SignInAsync(await Tenant.AddPersonAsync(Process.Services, "eve@example.org", "correct horse battery"));
        (await Service.ResetAsync(admin, Ann.Id, default)).Required();

        Assert.Equal(new SecondFactorStatus(false, null, 0, null, 0), (await Service.StatusAsync(admin, Ann.Id, default)).Required());
        Assert.Contains("second_factor.reset", await ActionsAsync());
        Assert.Null(await Get<SessionDirectory>().FindAsync(Self.SessionId!.Value, active: false, default));
        Assert.NotNull(await Get<SessionDirectory>().FindAsync(admin.SessionId!.Value, active: false, default));
    }

    [Fact]
    public async Task Changes_SignInOfLongAgo_NeedProof()
    {
        await BeginAsync();
        await EnrolAsync();
        var admin = await SignInAsync(await Tenant.AddPersonAsync(Process.Services, "eve@example.org", "correct horse battery"));
        Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(RefusalKind.ProofNeeded, (await Service.BeginAuthenticatorAsync(Self, Ann.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded, (await Service.RegenerateRecoveryCodesAsync(Self, Ann.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded, (await Service.RemoveAuthenticatorAsync(Self, Ann.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.ProofNeeded, (await Service.ResetAsync(admin, Ann.Id, default)).Refusal?.Kind);
        Assert.True((await Service.StatusAsync(Self, Ann.Id, default)).Required().HasAuthenticator);
    }

    [Fact]
    public async Task ConfirmAuthenticatorAsync_SessionThatHadToEnrol_Opens()
    {
        await BeginAsync();
        var waiting = await SignInAsync(Ann, mustEnrol: true);
        var app = new AuthenticatorApp((await Service.BeginAuthenticatorAsync(waiting, Ann.Id, default)).Required().ManualKey);
        (await Service.ConfirmAuthenticatorAsync(waiting, Ann.Id, CodeNow(app), default)).Required();
        Assert.False((await Get<SessionDirectory>().FindAsync(waiting.SessionId!.Value, active: false, default))!.MustEnrol);
    }

    [Fact]
    public async Task Everything_ForSomebodyElse_IsRefused()
    {
        await BeginAsync();
        var (app, codes) = await EnrolAsync();
        var bob = await SignInAsync(await Tenant.AddPersonAsync(Process.Services, "bob@example.org", "correct horse battery", Roles.CostViewer));
        var admin = await SignInAsync(await Tenant.AddPersonAsync(Process.Services, "eve@example.org", "correct horse battery"));
        foreach (var other in (Actor[])[bob, admin, Tenant.Admin, Self with { Kind = ActorKind.ServiceAccount }])
        {
            Assert.Equal(RefusalKind.Forbidden, (await Service.BeginAuthenticatorAsync(other, Ann.Id, default)).Refusal?.Kind);
            Assert.Equal(RefusalKind.Forbidden, (await Service.ConfirmAuthenticatorAsync(other, Ann.Id, "1", default)).Refusal?.Kind);
            Assert.Equal(RefusalKind.Forbidden, (await Service.RegenerateRecoveryCodesAsync(other, Ann.Id, default)).Refusal?.Kind);
            Assert.Equal(RefusalKind.Forbidden, (await Service.RemoveAuthenticatorAsync(other, Ann.Id, default)).Refusal?.Kind);
            Assert.Equal(RefusalKind.Forbidden, (await Check.VerifyCodeAsync(other, Ann.Id, CodeNow(app), default)).Refusal?.Kind);
            Assert.Equal(RefusalKind.Forbidden, (await Check.UseRecoveryCodeAsync(other, Ann.Id, codes[0], default)).Refusal?.Kind);
        }

        Assert.Equal(RefusalKind.Forbidden, (await Service.StatusAsync(bob, Ann.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.ResetAsync(bob, Ann.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.ResetAsync(admin, admin.Id!.Value, default)).Refusal?.Kind);
        var stranger = await Tenant.CreateAsync(Process.Services);
        Assert.Equal(RefusalKind.NotFound, (await Service.ResetAsync(stranger.Admin, Ann.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.StatusAsync(stranger.Admin, Ann.Id, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task Secrets_InTheDatabaseAndTheLogs_AreNotInClearAndBoundToThePerson()
    {
        await BeginAsync();
        var (app, codes) = await EnrolAsync();
        var row = Assert.Single(await RowsAsync<Authenticator>());

        Assert.Equal(app.Secret, Get<FactorSecrets>().Unwrap(Ann.Id, row.Secret!));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => Get<FactorSecrets>().Unwrap(Guid.CreateVersion7(Clock.GetUtcNow()), row.Secret!));
        Assert.True(row.Secret!.AsSpan().IndexOf(app.Secret) < 0);
        Assert.NotEqual(Get<FactorSecrets>().HashRecoveryCode(Ann.Id, codes[0]), Get<FactorSecrets>().HashRecoveryCode(Guid.CreateVersion7(Clock.GetUtcNow()), codes[0]));

        // A code in clear would be found by its characters, in whichever column or line it stood.
        (await Check.UseRecoveryCodeAsync(Self, Ann.Id, codes[0], default)).Required();
        var details = string.Join('\n', (await EventsAsync()).Select(entry => entry.Payload + entry.Row.ToLeaf()));
        var logs = string.Join('\n', Process.Logs.Entries.Select(entry => entry.Message));
        foreach (var hidden in (string[])[codes[0], Base32.Ungroup(codes[0]), Base32.Encode(app.Secret), CodeNow(app)])
        {
            Assert.DoesNotContain(hidden, details, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(hidden, logs, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task<T[]> AtOnceAsync<T>(Func<Task<T>> what) => await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(what)));
}
