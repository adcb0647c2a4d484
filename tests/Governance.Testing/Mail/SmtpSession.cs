using System.Net.Security;
using System.Text;

namespace Governance.Testing.Mail;

/// <summary>One client's conversation with the stub.</summary>
internal sealed class SmtpSession(SmtpStub server, Stream network, CancellationToken cancellation)
{
    private readonly byte[] _one = new byte[1];
    private readonly List<string> _recipients = [];
    private Stream _stream = network;

    private bool Secured => _stream is SslStream;

    public async Task TalkAsync()
    {
        await SayAsync("220 stub ready");
        while (await ReadLineAsync() is { } line)
        {
            server.Heard(line);
            if (server.Refuses(line) is { } refusal) await SayAsync(refusal);
            else await AnswerAsync(line);
            if (line == "QUIT") return;
        }
    }

    private Task AnswerAsync(string line) => line.Split(' ', ':')[0] switch
    {
        "EHLO" => SayAsync(server.Certificate is null || Secured ? "250-stub\r\n250 AUTH LOGIN" : "250-stub\r\n250-STARTTLS\r\n250 AUTH LOGIN"),
        "STARTTLS" when server.Certificate is not null => SecureAsync(),
        "AUTH" => AuthenticateAsync(line),
        "RCPT" => AddRecipientAsync(line),
        "DATA" => ReceiveAsync(),
        "QUIT" => SayAsync("221 bye"),
        _ => SayAsync("250 ok"),
    };

    private async Task SecureAsync()
    {
        await SayAsync("220 go ahead");
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server.Certificate }, cancellation);
        _stream = tls;
    }

    private async Task AuthenticateAsync(string line)
    {
        if (line.Split(' ') is [_, _, var user]) server.Heard(Decode(user));
        else await AskAsync("Username:");
        await AskAsync("Password:");
        await SayAsync("235 welcome");
    }

    private async Task AskAsync(string prompt)
    {
        await SayAsync("334 " + Convert.ToBase64String(Encoding.ASCII.GetBytes(prompt)));
        if (await ReadLineAsync() is { } answer) server.Heard(Decode(answer));
    }

    private async Task AddRecipientAsync(string line)
    {
        _recipients.Add(line.Split('<', '>')[1]);
        await SayAsync("250 ok");
    }

    /// <summary>A mail ends in a line of one dot; of a line that begins with a dot, the first one is taken away.</summary>
    private async Task ReceiveAsync()
    {
        await SayAsync("354 go on");
        var text = new StringBuilder();
        while (await ReadLineAsync() is { } line)
        {
            if (line != ".")
            {
                text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
                continue;
            }

            if (server.Refuses(SmtpStub.WholeMail) is { } refusal)
            {
                await SayAsync(refusal);
                return;
            }

            server.Take(ReceivedMail.Parse(text.ToString(), [.. _recipients], Secured));
            _recipients.Clear();
            await SayAsync("250 taken");
            return;
        }
    }

    private async Task SayAsync(string reply)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), cancellation);
        await _stream.FlushAsync(cancellation);
    }

    /// <summary>Byte by byte, so that nothing is taken that TLS will have to read.</summary>
    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (await _stream.ReadAsync(_one, cancellation) == 1)
        {
            if (_one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)_one[0]);
        }

        return null;
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
