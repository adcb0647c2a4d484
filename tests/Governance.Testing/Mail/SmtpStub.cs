using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Governance.Testing.Mail;

/// <summary>A real SMTP server on loopback (RFC 5321 with STARTTLS and AUTH LOGIN) that keeps what it is given and refuses what a test says.</summary>
public sealed class SmtpStub : IAsyncDisposable
{
    /// <summary>What <see cref="Refuses"/> is asked about once a whole mail was received.</summary>
    public const string WholeMail = "(the whole mail)";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ReceivedMail> _received = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;
    private int _connections;

    public SmtpStub()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>What was accepted, in its order.</summary>
    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <summary>Every line that clients sent outside of mails; what they sent in Base64 is decoded.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>How often a client connected.</summary>
    public int Connections => _connections;

    /// <summary>Answers a command otherwise than usual: given its line, a reply such as "550 no", or none.</summary>
    public Func<string, string?> Refuses { get; set; } = _ => null;

    /// <summary>Whether it says nothing at all, not even hello.</summary>
    public bool Silent { get; set; }

    /// <summary>The certificate with which STARTTLS is offered; without one it is not.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The configuration with which the product uses this server.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Mail:Host"] = "127.0.0.1",
        ["Mail:Port"] = $"{Port}",
        ["Mail:Security"] = "None",
        ["Mail:From"] = "Governance <governance@example.org>",
        ["Site:Url"] = "https://governance.example.org",
    };

    /// <summary>A certificate for 127.0.0.1 that nobody trusts unless told to.</summary>
    public static X509Certificate2 NewCertificate(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(10));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stopping.Dispose();
        Certificate?.Dispose();
    }

    internal void Heard(string line) => _commands.Enqueue(line);

    internal void Take(ReceivedMail mail) => _received.Enqueue(mail);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                _sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            if (Silent) await Task.Delay(Timeout.Infinite, _stopping.Token);
            await new SmtpSession(this, connection.GetStream(), _stopping.Token).TalkAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
        {
            // The client hung up, did not like the certificate, or the test is over.
        }
    }
}
