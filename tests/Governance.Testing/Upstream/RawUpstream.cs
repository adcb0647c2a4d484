using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Governance.Testing.Upstream;

/// <summary>A provider below HTTP, for what no proper server would send. It counts the connections that are open.</summary>
public sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<int, NetworkStream, CancellationToken, Task> _script;
    private readonly Task _accepting;
    private int _accepted;
    private int _open;

    /// <param name="script">What is done with the n-th connection once the head of its request was read; the connection is closed after it.</param>
    public RawUpstream(Func<int, NetworkStream, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string BaseUrl => $"http://{_listener.LocalEndpoint}/v1";

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections the other side has not closed and this one neither.</summary>
    public int Open => Volatile.Read(ref _open);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
                running.RemoveAll(serving => serving.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var number = Interlocked.Increment(ref _accepted) - 1;
        Interlocked.Increment(ref _open);
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                await ReadHeadAsync(stream);
                await _script(number, stream, _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side hung up, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ReadHeadAsync(NetworkStream stream)
    {
        var (buffer, head) = (new byte[16 * 1024], new StringBuilder());
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, _stopping.Token);
            if (count == 0) throw new IOException("The request broke off.");
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    /// <summary>Reads until the other side closes.</summary>
    public static async Task UntilClosedAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) > 0)
        {
            // What the other side still sends is of no interest.
        }
    }
}
