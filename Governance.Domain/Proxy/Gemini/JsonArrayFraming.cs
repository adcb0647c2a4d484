using System.Buffers;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// A JSON array of objects that is sent piece by piece: <c>[{…},\r\n{…}]</c>. A frame is one object with what divides it from the one
/// before; the closing bracket is a frame of its own that says nothing.
/// </summary>
public sealed class JsonArrayFraming : StreamFraming
{
    private enum Place
    {
        BeforeArray,
        BeforeFirst,
        AfterObject,
        BeforeNext,
        InObject,
        InString,
        Closed,
    }

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> Between = SearchValues.Create(" \t\r\n[,"u8);

    private Place _place = Place.BeforeArray;
    private int _looked;
    private int _depth;
    private bool _any;

    /// <summary>Behind the array there may be white space; an object that has begun is broken.</summary>
    public override bool EndCompletesFrame => _place is not (Place.InObject or Place.InString);

    public override int FirstFrameLength(ReadOnlySpan<byte> buffer)
    {
        while (_looked < buffer.Length)
        {
            if (_place is Place.InObject or Place.InString)
            {
                var offset = _place == Place.InString ? buffer[_looked..].IndexOfAny("\"\\"u8) : buffer[_looked..].IndexOfAny(Structure);
                if (offset < 0)
                {
                    _looked = buffer.Length;
                    return 0;
                }

                _looked += offset;
            }

            var value = buffer[_looked];
            if (_place == Place.InString && value == '\\')
            {
                // What is escaped may not have come yet, and is looked at together with its backslash.
                if (_looked + 1 == buffer.Length) return 0;
                _looked += 2;
                continue;
            }

            _looked++;
            if (Ends(value)) return Taken();
        }

        return 0;
    }

    public override StreamFrame Read(ReadOnlySpan<byte> frame)
    {
        var start = frame.IndexOfAnyExcept(Between);
        return new StreamFrame(default, start < 0 || frame[start] == ']' ? default : frame[start..]);
    }

    public override byte[] LastFrame(string? name, ReadOnlySpan<byte> json) => [.. _any ? ",\r\n"u8 : "["u8, .. json, .. "]"u8];

    /// <summary>Steps over a byte; answers whether it is the last one of a frame.</summary>
    private bool Ends(byte value)
    {
        if (_place == Place.InString)
        {
            _place = Place.InObject;
            return false;
        }

        if (_place == Place.InObject) return EndsObject(value);
        if (value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') return false;
        (_place, _depth) = (_place, value) switch
        {
            (Place.BeforeArray, (byte)'[') => (Place.BeforeFirst, 0),
            (Place.BeforeFirst or Place.BeforeNext, (byte)'{') => (Place.InObject, 1),
            (Place.AfterObject, (byte)',') => (Place.BeforeNext, 0),
            (Place.BeforeFirst or Place.AfterObject, (byte)']') => (Place.Closed, 0),
            _ => throw new InvalidDataException("This is no JSON array of objects."),
        };
        return _place == Place.Closed;
    }

    private bool EndsObject(byte value)
    {
        if (value == '"')
        {
            _place = Place.InString;
            return false;
        }

        _depth += value is (byte)'{' or (byte)'[' ? 1 : -1;
        if (_depth > 0) return false;
        if (value != '}') throw new InvalidDataException("An object ends with a bracket.");
        (_place, _any) = (Place.AfterObject, true);
        return true;
    }

    private int Taken()
    {
        var length = _looked;
        _looked = 0;
        return length;
    }
}
