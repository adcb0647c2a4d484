using System.Net;
using System.Net.Security;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Mail;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Notifications;

public sealed class SmtpSecurityTests : MailTest
{
    private const string Password = "the-mail-password";
    private readonly SmtpStub _server = new();

    protected override Task<ProductProcess> NewProcessAsync()
    {
        var settings = _server.Settings;
        (settings["Mail:Security"], settings["Mail:User"], settings["Mail:Password"]) = ("StartTls", "relay", Password);
        return new ProductProcess(Database, settings: settings).StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task RunAsync_ServerWithATrustedCertificate_GetsAccountAndMailOverTls()
    {
        using var trusted = new TrustedCertificate(_server);
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        Assert.True(Assert.Single(_server.Received).Secured);
        Assert.Empty(await RowsAsync<WorkItem>());
        Assert.Contains(Password, _server.Commands);
    }

    [Fact]
    public async Task RunAsync_ServerWithoutStartTls_LearnsNothing()
    {
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        await AssertNothingLearnedAsync();
    }

    [Fact]
    public async Task RunAsync_CertificateNobodyTrusts_LearnsNothing()
    {
        _server.Certificate = SmtpStub.NewCertificate(TimeProvider.System.GetUtcNow());
        (await EnqueueAsync(Invitation())).Required();
        await WorkAsync();
        await AssertNothingLearnedAsync();
        Assert.Contains("certificate", Assert.Single(await RowsAsync<WorkItem>()).LastError, StringComparison.OrdinalIgnoreCase);
    }

    private async Task AssertNothingLearnedAsync()
    {
        Assert.Equal(1, Assert.Single(await RowsAsync<WorkItem>()).Attempts);
        Assert.Empty(_server.Received);
        Assert.DoesNotContain(_server.Commands, command =>
            command.Contains("example.org", StringComparison.OrdinalIgnoreCase) || command.Contains(Password, StringComparison.Ordinal) || command.StartsWith("AUTH", StringComparison.Ordinal));
    }

#pragma warning disable SYSLIB0014, MA0039 // Obsolete for HTTP; the mail client still asks it, and nothing else here does.
    /// <summary>
    /// Gives the server a certificate and has this process trust it and no other. The framework's client asks a callback of the whole
    /// process, so every other certificate is judged as usual.
    /// </summary>
    private sealed class TrustedCertificate : IDisposable
    {
        private readonly RemoteCertificateValidationCallback? _before = ServicePointManager.ServerCertificateValidationCallback;

        public TrustedCertificate(SmtpStub server)
        {
            server.Certificate = SmtpStub.NewCertificate(TimeProvider.System.GetUtcNow());
            var thumbprint = server.Certificate.GetCertHashString();
            ServicePointManager.ServerCertificateValidationCallback =
                (_, certificate, _, errors) => errors == SslPolicyErrors.None || certificate?.GetCertHashString() == thumbprint;
        }

        public void Dispose() => ServicePointManager.ServerCertificateValidationCallback = _before;
    }
#pragma warning restore SYSLIB0014, MA0039
}
